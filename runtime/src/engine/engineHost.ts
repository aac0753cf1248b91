import type { DagModel } from "#core/model/dag.js";
import type { RunError } from "#core/model/run.js";
import { type InstanceHandle, MARKS, type RunAction, type Selection } from "#core/model/runAction.js";
import type { RunEvent } from "#core/model/runEvent.js";
import type { Handlers, ParamsOf } from "#core/protocol/descriptor.js";
import type {
  Answer,
  InstanceAddress,
  LogAddress,
  PlanActionParams,
  ResumeRunParams,
  RunAddress,
  StartRunParams,
  clientToEngine,
} from "#core/protocol/engine.js";
import {
  type Guard,
  isBoolean,
  isCount,
  isMapIndex,
  isRecord,
  isString,
  oneOf,
  optional,
  shape,
} from "#core/protocol/guards.js";
import { asRunError } from "../errors.js";
import { loadModels } from "../loader/loadModels.js";
import { readIsoDate } from "../schedule/isoDate.js";
import { type History, findHome, openHistory } from "../store/history.js";
import { askOwner } from "../store/owner.js";
import { existingRunFolder } from "../store/runFolder.js";
import { Limits } from "./limits.js";
import { planByTask } from "./actions/plan.js";
import { resumeRun } from "./resumeRun.js";
import { type RunHandle, type RunOptions, startRun } from "./startRun.js";

type Methods = typeof clientToEngine;
export type Method = keyof Methods;

/** Of a file that nobody asked to run: it is executed because it was saved. */
const GRAPH_LIMITS = { timeoutMs: 10_000, memoryMb: 512 };

const runAddress = { home: isString, run_id: isString };
const instanceAddress = { ...runAddress, task_id: isString, map_index: isMapIndex };
function isHandle(value: unknown): value is InstanceHandle {
  return isCount(value) || isString(value);
}

const isSelection = shape<Selection>({
  task_id: optional(isString),
  map_index: optional(isHandle),
  downstream: optional(isBoolean),
  only_failed: optional(isBoolean),
});

/** What each request must look like: the other end may be of another version. */
export const PARAMS: { readonly [M in Method]: Guard<ParamsOf<Methods[M]>> } = {
  startRun: shape<StartRunParams>({
    file: isString,
    dag_id: optional(isString),
    logical_date: optional(isString),
    params: optional(isRecord),
    parallelism: optional(isCount),
    task: optional(isString),
    map_index: optional(isHandle),
  }),
  planAction: shape<PlanActionParams>({
    ...{ ...runAddress, selection: isSelection },
    name: optional(oneOf(["clear", "mark"])),
    state: optional(oneOf(MARKS)),
  }),
  resumeRun: shape<ResumeRunParams>({
    ...runAddress,
    action: optional(
      shape<RunAction>({ name: oneOf(["clear", "mark"]), state: optional(oneOf(MARKS)), selection: isSelection }),
    ),
    parallelism: optional(isCount),
  }),
  cancelRun: shape<{ run_id: string; home?: string }>({ run_id: isString, home: optional(isString) }),
  exactGraphs: shape<{ file: string }>({ file: isString }),
  listRuns: shape<{ path: string; limit: number }>({ path: isString, limit: isCount }),
  showRun: shape<RunAddress>(runAddress),
  followRun: shape<RunAddress & { from: number }>({ ...runAddress, from: isCount }),
  showInstance: shape<InstanceAddress>(instanceAddress),
  readLog: shape<LogAddress>({ ...instanceAddress, try_number: optional(isCount) }),
};

/** The engine as the editor sees it: owns the runs it starts, and reads the history of all. */
export class EngineHost {
  readonly handlers: Handlers<Methods> = {
    startRun: (params) => answer(() => this.#start(params)),
    planAction: ({ home, run_id, name = "clear", ...meant }) =>
      answer(() => planByTask(home, run_id, { name, ...meant })),
    resumeRun: (params) => answer(() => this.#resume(params)),
    cancelRun: ({ run_id, home }) => answer(() => this.#cancel(run_id, home)),
    exactGraphs: ({ file }) => answer(() => this.#exactGraphs(file)),
    listRuns: ({ path, limit }) =>
      answer(() => {
        const home = findHome(path);
        return { home, runs: this.#history(home).runs({ limit }) };
      }),
    showRun: ({ home, run_id }) => answer(() => this.#history(home).show(run_id)),
    followRun: ({ home, run_id, from }) => answer(() => this.#history(home).follow(run_id, from)),
    showInstance: ({ home, run_id, task_id, map_index }) =>
      answer(() => this.#history(home).instance(run_id, task_id, map_index)),
    readLog: ({ home, run_id, task_id, map_index, try_number }) =>
      answer(() => this.#history(home).log(run_id, task_id, map_index, try_number)),
  };
  readonly #runs = new Map<string, RunHandle>();
  /** Those of them that have told their end, and still write it down. */
  readonly #leaving = new Set<string>();
  readonly #starting = new Set<Promise<unknown>>();
  readonly #histories = new Map<string, History>();
  readonly #closing = new AbortController();
  /** Runs that are under way together keep to the size of a pool together. */
  readonly #limits = new Limits();

  constructor(readonly onEvent: (event: RunEvent) => void) {}

  /** Ends all runs; resolves when nothing of them is left. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#starting);
    await Promise.all(
      [...this.#runs.values()].map((run) => {
        run.cancel();
        return run.done;
      }),
    );
  }

  #history(home: string): History {
    const known = this.#histories.get(home);
    if (known) return known;
    const history = openHistory(home);
    this.#histories.set(home, history);
    return history;
  }

  async #start(params: StartRunParams): Promise<{ run_id: string; home: string }> {
    const { logical_date, ...options } = params;
    // What is no date is refused with the other options.
    const date = logical_date === undefined ? {} : { logical_date: readIsoDate(logical_date) ?? new Date(NaN) };
    const { run_id, home } = await this.#follow(startRun({ ...options, ...date, ...this.#shared() }));
    return { run_id, home };
  }

  async #resume(params: ResumeRunParams): Promise<{ run_id: string; home: string; code_changed: boolean }> {
    // Whoever was told the end may go on at once.
    if (this.#leaving.has(params.run_id)) await this.#runs.get(params.run_id)?.done;
    const run = await this.#follow(resumeRun({ ...params, ...this.#shared() }));
    return { run_id: run.run_id, home: run.home, code_changed: run.isCodeChanged };
  }

  #shared(): Pick<RunOptions, "limits" | "onEvent" | "signal"> {
    const onEvent = (event: RunEvent): void => {
      if (event.type === "run_finished") this.#leaving.add(event.run_id);
      this.onEvent(event);
    };
    return { limits: this.#limits, onEvent, signal: this.#closing.signal };
  }

  async #follow<T extends RunHandle>(starting: Promise<T>): Promise<T> {
    this.#starting.add(starting);
    try {
      const run = await starting;
      this.#runs.set(run.run_id, run);
      void run.done.then(() => {
        this.#runs.delete(run.run_id);
        this.#leaving.delete(run.run_id);
      });
      return run;
    } finally {
      this.#starting.delete(starting);
    }
  }

  #exactGraphs(file: string): Promise<readonly DagModel[]> {
    const loading = loadModels(file, { ...GRAPH_LIMITS, signal: this.#closing.signal });
    this.#starting.add(loading);
    return loading.finally(() => this.#starting.delete(loading));
  }

  /** A run that has ended meanwhile needs no cancelling. */
  async #cancel(run_id: string, home?: string): Promise<boolean> {
    const own = this.#runs.get(run_id);
    own?.cancel();
    if (own || home === undefined) return own !== undefined;
    return askOwner(existingRunFolder(home, run_id), { type: "cancel" });
  }
}

async function answer<T>(work: () => T | Promise<T>): Promise<Answer<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (thrown) {
    const error: RunError = asRunError(thrown);
    return { ok: false, error };
  }
}
