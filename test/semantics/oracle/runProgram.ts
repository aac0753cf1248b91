/** Runs a program on the engine, in this process and one instance at a time, in an order that the caller picks. */
import { compileFunction } from "node:vm";
import * as fanout from "fanout";
import { type Dag, declarationOf } from "../../../runtime/src/authoring/dag.js";
import type { DagDeclaration } from "../../../runtime/src/authoring/declaration.js";
import { toModel } from "../../../runtime/src/authoring/toModel.js";
import { EventStream } from "../../../runtime/src/engine/eventStream.js";
import type { Executor } from "../../../runtime/src/engine/executor.js";
import { Run } from "../../../runtime/src/engine/run.js";
import type { RunResult } from "../../../runtime/src/engine/startRun.js";
import { REPORT, type RunFacts, decodeResult } from "../../../runtime/src/pool/messages.js";
import type { PoolClient } from "../../../runtime/src/pool/pool.js";
import { ReadyQueue } from "../../../runtime/src/pool/readyQueue.js";
import { serve } from "../../../runtime/src/pool/serve.js";
import { MemoryRunStore } from "../../../runtime/src/store/memoryRunStore.js";
import { buildPlan } from "../../../runtime/src/worker/buildPlan.js";
import type { EngineLink } from "../../../runtime/src/worker/channel.js";
import { InstanceRunner } from "../../../runtime/src/worker/instanceRunner.js";
import type { Instance, Key, Verdict } from "./evaluate.js";
import { PRELUDE, printBody } from "./print.js";
import type { Json, Program } from "./program.js";

export interface EngineRun extends Verdict {
  /** What ran, try after try, in this order. */
  readonly order: readonly Key[];
}

interface Waiting {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
}

/** Of how many that wait: the position of the one that runs next. */
export type Pick = (waiting: number) => number;

export async function runProgram(program: Program, pick: Pick): Promise<EngineRun> {
  const dag = declare(program);
  const facts = {
    run_id: "r",
    logical_date: "2022-04-02T00:00:00.000Z",
    params: {},
    maxMapLength: program.maxMapLength,
  };
  const store = new MemoryRunStore();
  const executor = new OneByOne(dag, facts, pick);
  const result = await startRun(dag, store, executor);
  const instances = dag.tasks.flatMap(({ task_id }, task) =>
    store.instances(task).map(({ map_index, state, try_number, xcom }): Instance => {
      const value = xcom === null ? null : (JSON.parse(xcom) as Json);
      const keys = store.pushedKeys(task, map_index);
      const pushed = Object.fromEntries(keys.map((key) => [key, pushedValue(store, task, map_index, key)]));
      return { task: task_id, map_index, state: state as Instance["state"], try_number, xcom: value, pushed };
    }),
  );
  const order = executor.order.map(({ task, map_index }) => ({ task: dag.tasks[task]?.task_id ?? "", map_index }));
  return { state: result.state === "success" ? "success" : "failed", instances, order };
}

function pushedValue(store: MemoryRunStore, task: number, map_index: number, key: string): Json {
  const [row] = store.xcomRows(task, key, map_index, map_index, Infinity);
  return JSON.parse(row?.json ?? "null") as Json;
}

/** Calls the authoring API as the printed program does. */
function declare(program: Program): DagDeclaration {
  const text = `${PRELUDE}\nreturn dag({ dag_id: "d" }, () => {\n${printBody(program)}\n});`;
  const names = ["FailException", "SkipException", "chain", "dag", "setup", "task", "task_group", "teardown"] as const;
  const build = compileFunction(text, [...names]) as (...given: unknown[]) => Dag;
  const declaration = declarationOf(build(...names.map((name) => fanout[name])));
  if (!declaration) throw new TypeError("the program declares no DAG");
  return declaration;
}

function startRun(dag: DagDeclaration, store: MemoryRunStore, executor: OneByOne): Promise<RunResult> {
  const model = toModel(dag);
  const facts = { run_id: "r", dag_id: "d", file: "d.ts", params: {}, node: process.version, model };
  const moments = { logical_date: 0, data_interval_start: 0, data_interval_end: 0, run_type: "manual" as const };
  store.begin({ ...facts, ...moments, state: "running", start: 0, end: null, error: null });
  return new Promise((onEnd, reject) => {
    executor.onBroken = reject;
    const run = new Run({
      ...{ plan: buildPlan(dag), model, store, pool: executor, onEnd },
      openEvents: (countsOf) => new EventStream("r", null, countsOf, () => undefined),
    });
    executor.client = run;
    run.start({ type: "run_started", dag_id: "d", file: "d.ts", logical_date: "", model, node: process.version });
  });
}

/** As the executor of `fanout/testing`, but for the order. */
class OneByOne implements Executor, EngineLink {
  readonly ready = new ReadyQueue();
  readonly order: Waiting[] = [];
  client: PoolClient | null = null;
  onBroken: (thrown: unknown) => void = () => undefined;
  readonly #runner: InstanceRunner;
  readonly #waiting: Waiting[] = [];
  readonly #known = new Set<number>();
  #answer = "";
  #isWorking = false;
  #isClosed = false;

  constructor(
    dag: DagDeclaration,
    facts: RunFacts,
    readonly pick: Pick,
  ) {
    this.#runner = new InstanceRunner(dag, facts, this, []);
  }

  dispatch(): void {
    if (this.#isWorking) return;
    this.#isWorking = true;
    this.#work()
      .catch((thrown: unknown) => this.onBroken(thrown))
      .finally(() => (this.#isWorking = false));
  }

  running(): [] {
    return [];
  }

  close(): Promise<[]> {
    this.#isClosed = true;
    return Promise.resolve([]);
  }

  report(text: string): void {
    const line = text.slice(0, -1);
    if (line.startsWith(REPORT.result)) this.#client().onResult(0, decodeResult(line));
    else this.#answer = serve(line, this.#client()) ?? "";
  }

  readAnswer(): string {
    return this.#answer;
  }

  logSize(): number {
    return 0;
  }

  async #work(): Promise<void> {
    while (!this.#isClosed) {
      this.#takeAll();
      const next = this.#waiting.splice(this.pick(this.#waiting.length), 1)[0];
      if (!next) return;
      const { task, map_index, try_number } = next;
      this.order.push(next);
      if (!this.#known.has(task)) {
        const facts = this.#client().factsOf(task);
        if (!facts.isEarly) this.#known.add(task);
        this.#runner.prepare(task, facts);
      }
      await this.#runner.runInstance(task, map_index, try_number);
      this.#client().onBurst();
    }
  }

  #takeAll(): void {
    while (this.ready.size > 0) {
      const { task, spans } = this.ready.take(1);
      for (const [map_index, , try_number] of spans) this.#waiting.push({ task, map_index, try_number });
    }
  }

  #client(): PoolClient {
    if (!this.client) throw new Error("the run has not begun");
    return this.client;
  }
}
