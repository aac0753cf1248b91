import type { DagModel } from "#core/model/dag.js";
import type { RunError } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import type { Handlers, ParamsOf } from "#core/protocol/descriptor.js";
import type { Answer, InstanceAddress, StartRunParams, clientToEngine } from "#core/protocol/engine.js";
import { type Guard, isCount, isMapIndex, isRecord, isString, optional, shape } from "#core/protocol/guards.js";
import { asRunError } from "../errors.js";
import { loadModels } from "../loader/loadModels.js";
import { type History, findHome, openHistory } from "../store/history.js";
import { Limits } from "./limits.js";
import { type RunHandle, startRun } from "./startRun.js";

type Methods = typeof clientToEngine;
export type Method = keyof Methods;

/** Of a file that nobody asked to run: it is executed because it was saved. */
const GRAPH_LIMITS = { timeoutMs: 10_000, memoryMb: 512 };

/** What each request must look like: the other end may be of another version. */
export const PARAMS: { readonly [M in Method]: Guard<ParamsOf<Methods[M]>> } = {
  startRun: shape<StartRunParams>({
    file: isString,
    dag_id: optional(isString),
    logical_date: optional(isString),
    params: optional(isRecord),
    parallelism: optional(isCount),
  }),
  cancelRun: shape<{ run_id: string }>({ run_id: isString }),
  exactGraphs: shape<{ file: string }>({ file: isString }),
  listRuns: shape<{ path: string; limit: number }>({ path: isString, limit: isCount }),
  showRun: shape<{ home: string; run_id: string }>({ home: isString, run_id: isString }),
  showInstance: instanceAddress(),
  readLog: instanceAddress(),
};

function instanceAddress(): Guard<InstanceAddress> {
  return shape<InstanceAddress>({ home: isString, run_id: isString, task_id: isString, map_index: isMapIndex });
}

/** The engine as the editor sees it: owns the runs it starts, and reads the history of all. */
export class EngineHost {
  readonly handlers: Handlers<Methods> = {
    startRun: (params) => answer(() => this.#start(params)),
    cancelRun: ({ run_id }) => answer(() => this.#cancel(run_id)),
    exactGraphs: ({ file }) => answer(() => this.#exactGraphs(file)),
    listRuns: ({ path, limit }) =>
      answer(() => {
        const home = findHome(path);
        return { home, runs: this.#history(home).runs({ limit }) };
      }),
    showRun: ({ home, run_id }) => answer(() => this.#history(home).show(run_id)),
    showInstance: ({ home, run_id, task_id, map_index }) =>
      answer(() => this.#history(home).instance(run_id, task_id, map_index)),
    readLog: ({ home, run_id, task_id, map_index }) =>
      answer(() => this.#history(home).log(run_id, task_id, map_index)),
  };
  readonly #runs = new Map<string, RunHandle>();
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
    const date = logical_date === undefined ? {} : { logical_date: new Date(logical_date) };
    const starting = startRun({
      ...options,
      ...date,
      limits: this.#limits,
      onEvent: this.onEvent,
      signal: this.#closing.signal,
    });
    this.#starting.add(starting);
    try {
      const run = await starting;
      this.#runs.set(run.run_id, run);
      void run.done.then(() => this.#runs.delete(run.run_id));
      return { run_id: run.run_id, home: run.home };
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
  #cancel(run_id: string): null {
    this.#runs.get(run_id)?.cancel();
    return null;
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
