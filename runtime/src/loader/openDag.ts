import path from "node:path";
import { type Clock, systemClock } from "../engine/clock.js";
import type { LoadedDag } from "../engine/plan.js";
import { FanoutError } from "../errors.js";
import { Pool } from "../pool/pool.js";
import type { WorkerCaps } from "../pool/poolClient.js";
import type { SpareWorkers } from "../pool/spareWorkers.js";
import { findHome } from "../store/home.js";
import { createHome, whileWriting } from "../store/runFolder.js";
import { scratchName } from "../store/scratch.js";
import { bundleDag, codeNameOf } from "./bundle.js";
import { checkDagFile } from "./dagFile.js";

export interface OpenedDag {
  /** Absolute path. */
  readonly file: string;
  readonly home: string;
  /** Has one worker that executed the file. */
  readonly pool: Pool;
  readonly dag: LoadedDag;
  /** Of the code, with everything that is bundled with it. */
  readonly bundleHash: string;
}

export interface OpenOptions {
  readonly file: string;
  readonly dag_id?: string;
  /** Most worker processes at once. */
  readonly parallelism: number;
  /** As in `PoolOptions`. */
  readonly firstSegment?: number;
  /** As in `PoolOptions`. */
  readonly caps?: WorkerCaps;
  /** As in `PoolOptions`. */
  readonly spares?: SpareWorkers;
  /** That of the system where left out. */
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Called while the worker loads the file, with the history folder and a path in it that nothing else uses. */
  readonly whileLoading?: (home: string, scratch: string) => Promise<void>;
}

/**
 * Bundles a DAG file and executes it in a worker process.
 * @throws FanoutError with code and place; no process is left then.
 */
export async function openDag(options: OpenOptions): Promise<OpenedDag> {
  const { file: given, dag_id, parallelism, clock = systemClock, signal, firstSegment = 0, caps, spares } = options;
  const file = checkDagFile(given);
  const home = findHome(file);
  const cache = createHome(home);
  const prefix = `${scratchName()}.`;
  const more = { ...(caps && { caps }), ...(spares && { spares }) };
  const pool = new Pool({ parallelism, folder: cache, prefix, clock, firstSegment, ...more });
  const stop = (): void => void pool.close();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    signal?.throwIfAborted();
    if (spares?.isWarm !== true) whileWriting(home, () => pool.warmUp());
    const bundle = await bundleDag(file, cache);
    const loading = pool.load({ bundle, file, ...(dag_id !== undefined && { dag_id }) });
    const [dag] = await Promise.all([loading, options.whileLoading?.(home, path.join(cache, prefix))]);
    return { file, home, pool, dag, bundleHash: codeNameOf(bundle) };
  } catch (thrown) {
    await pool.close();
    throw signal?.aborted ? new FanoutError("cancelled", "Loading the DAG file was cancelled.") : thrown;
  } finally {
    signal?.removeEventListener("abort", stop);
  }
}
