/** Runs a program on the engine, in this process and one instance at a time, in an order that the caller picks. */
import { compileFunction } from "node:vm";
import * as fanout from "fanout";
import { type Dag, declarationOf } from "../../../runtime/src/authoring/dag.js";
import type { DagDeclaration } from "../../../runtime/src/authoring/declaration.js";
import { toModel } from "../../../runtime/src/authoring/toModel.js";
import { ManualClock } from "../../../runtime/src/engine/clock.js";
import { EventStream } from "../../../runtime/src/engine/eventStream.js";
import { Run } from "../../../runtime/src/engine/run.js";
import type { RunResult } from "../../../runtime/src/engine/startRun.js";
import type { RunFacts } from "../../../runtime/src/pool/messages.js";
import { ReadyQueue, type WaitingSpan } from "../../../runtime/src/pool/readyQueue.js";
import type { DagModel } from "#core/model/dag.js";
import type { RunStarted } from "#core/model/runEvent.js";
import type { RunStore } from "../../../runtime/src/store/runStore.js";
import { MemoryRunStore } from "../../../runtime/src/store/memoryRunStore.js";
import { InProcessExecutor, type Output } from "../../../runtime/src/testing/inProcessExecutor.js";
import { buildPlan } from "../../../runtime/src/worker/buildPlan.js";
import type { Instance, Key, Verdict } from "./evaluate.js";
import { PRELUDE, printBody } from "./print.js";
import type { Json, Program } from "./program.js";

export interface EngineRun extends Verdict {
  /** What ran, try after try, in this order. */
  readonly order: readonly Key[];
}

/** Of how many tasks that have instances waiting: the position of the one whose next instance runs. */
export type Pick = (waiting: number) => number;

export async function runProgram(program: Program, pick: Pick): Promise<EngineRun> {
  const dag = declare(program);
  const store = new MemoryRunStore();
  const executor = new OneByOne(dag, factsOf(program), pick);
  const result = await startRun(dag, store, executor);
  return verdictOf(dag, store, result, executor.order);
}

export function factsOf({ maxMapLength }: Program): RunFacts {
  return { run_id: "r", logical_date: "2022-04-02T00:00:00.000Z", params: {}, maxMapLength };
}

/** What a run came to, as its store says. */
export function verdictOf(
  dag: DagDeclaration,
  store: RunStore,
  result: RunResult,
  ran: readonly { readonly task: number; readonly map_index: number }[],
): EngineRun {
  const instances = dag.tasks.flatMap(({ task_id }, task) =>
    store.instances(task).map(({ map_index, state, try_number, xcom }): Instance => {
      const value = xcom === null ? null : (JSON.parse(xcom) as Json);
      const keys = store.pushedKeys(task, map_index);
      const pushed = Object.fromEntries(keys.map((key) => [key, pushedValue(store, task, map_index, key)]));
      return { task: task_id, map_index, state: state as Instance["state"], try_number, xcom: value, pushed };
    }),
  );
  const order = ran.map(({ task, map_index }) => ({ task: dag.tasks[task]?.task_id ?? "", map_index }));
  return { state: result.state === "success" ? "success" : "failed", instances, order };
}

function pushedValue(store: RunStore, task: number, map_index: number, key: string): Json {
  const [row] = store.xcomRows(task, key, map_index, map_index, Infinity);
  return JSON.parse(row?.json ?? "null") as Json;
}

/** Calls the authoring API as the printed program does. */
export function declare(program: Program): DagDeclaration {
  const text = `${PRELUDE}\nreturn dag({ dag_id: "d" }, () => {\n${printBody(program)}\n});`;
  const names = ["FailException", "SkipException", "chain", "dag", "setup", "task", "task_group", "teardown"] as const;
  const build = compileFunction(text, [...names]) as (...given: unknown[]) => Dag;
  const declaration = declarationOf(build(...names.map((name) => fanout[name])));
  if (!declaration) throw new TypeError("the program declares no DAG");
  return declaration;
}

function startRun(dag: DagDeclaration, store: MemoryRunStore, executor: OneByOne): Promise<RunResult> {
  const model = beginStore(dag, store);
  return new Promise((onEnd) => {
    const run = new Run({
      ...{ plan: buildPlan(dag), model, store, pool: executor, clock: executor.clock, onEnd },
      openEvents: (countsOf) => new EventStream("r", null, countsOf, () => undefined),
    });
    executor.begin(run);
    run.start(startedOf(model));
  });
}

export function startedOf(model: DagModel): RunStarted {
  return { type: "run_started", dag_id: "d", file: "d.ts", logical_date: "", model, node: process.version };
}

/** A run that has not begun. */
export function beginStore(dag: DagDeclaration, store: RunStore): DagModel {
  const model = toModel(dag);
  const facts = { run_id: "r", dag_id: "d", file: "d.ts", params: {}, conf: {}, node: process.version, model };
  const moments = { logical_date: 0, data_interval_start: 0, data_interval_end: 0, run_type: "manual" as const };
  store.begin({ ...facts, ...moments, state: "running", start: 0, end: null, error: null });
  return model;
}

const silence: Output = { size: 0, run: (work) => work() };

/** As `fanout/testing` runs instances, but for the order. */
export class OneByOne extends InProcessExecutor {
  override readonly ready: PickedQueue;

  constructor(dag: DagDeclaration, facts: RunFacts, pick: Pick, clock = new ManualClock(0)) {
    super(dag, facts, { own: [], output: silence }, clock);
    this.ready = new PickedQueue(pick);
  }

  get order(): readonly { readonly task: number; readonly map_index: number }[] {
    return this.ready.order;
  }
}

class PickedQueue extends ReadyQueue {
  readonly order: { task: number; map_index: number }[] = [];

  constructor(readonly pick: Pick) {
    super();
  }

  /** The one that is taken next stands first. */
  override get tasks(): readonly number[] {
    const waiting = super.tasks;
    const next = waiting[this.pick(waiting.length)];
    return next === undefined ? waiting : [next, ...waiting];
  }

  override take(task: number, atMost: number): readonly WaitingSpan[] {
    const taken = super.take(task, atMost);
    for (const { from } of taken) this.order.push({ task, map_index: from });
    return taken;
  }
}
