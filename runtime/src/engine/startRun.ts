import { rmSync } from "node:fs";
import type { DagModel } from "#core/model/dag.js";
import type { RunRecord } from "#core/model/run.js";
import { type OpenedDag, openDag } from "../loader/openDag.js";
import { readIndex } from "../store/runIndex.js";
import { SqliteRunStore } from "../store/sqliteRunStore.js";
import { beginRun } from "./beginRun.js";
import { systemClock } from "./clock.js";
import type { NamedIndex } from "./namedIndex.js";
import { checkPools } from "./pools.js";
import { momentsOf } from "./runMoments.js";
import { type RunOptions, checkOptions, parallelismOf } from "./runOptions.js";
import type { RunResult } from "./runParts.js";
import { readRunSettings } from "./runSettings.js";

export type { RunOptions } from "./runOptions.js";
export type { RunResult } from "./runParts.js";

export interface RunHandle {
  readonly run_id: string;
  /** The history folder (`.fanout`) that the run belongs to. */
  readonly home: string;
  /** The run's own folder. */
  readonly dir: string;
  readonly model: DagModel;
  /** Where the one instance that runs was asked for by its name: which one that is. */
  readonly named?: NamedIndex;
  /** Resolves when the run has ended, its record is complete and no process of it is left. */
  readonly done: Promise<RunResult>;
  /** Stops the run: running instances are ended and marked failed with the code `cancelled`. */
  cancel(): void;
}

/**
 * Loads the DAG file and starts one run of it.
 * @throws FanoutError with code, place and advice, before anything of the run is written.
 */
export async function startRun(options: RunOptions): Promise<RunHandle> {
  checkOptions(options);
  const settings = await readRunSettings(options);
  let database = "";
  let runs: readonly RunRecord[] = [];
  let opened: OpenedDag | null = null;
  try {
    opened = await openDag({
      ...options,
      parallelism: parallelismOf(options),
      caps: settings.caps,
      whileLoading: async (home, scratch) => {
        database = `${scratch}run.db`;
        SqliteRunStore.prepare(database);
        runs = readIndex(home);
        await options.whileLoading?.();
      },
    });
    checkPools(opened.dag.plan, settings.pools);
    const moments = await momentsOf(options, opened.dag, (options.clock ?? systemClock).now());
    return await beginRun({ options, settings, opened, moments, database, runs });
  } catch (thrown) {
    await opened?.pool.close();
    if (database) rmSync(database, { force: true });
    throw thrown;
  }
}
