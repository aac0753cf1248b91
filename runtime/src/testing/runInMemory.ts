import type { DagModel } from "#core/model/dag.js";
import type { RunEvent } from "#core/model/runEvent.js";
import type { DagDeclaration } from "../authoring/declaration.js";
import { toModel } from "../authoring/toModel.js";
import { systemClock } from "../engine/clock.js";
import { priorityWeights } from "../engine/dispatchRules.js";
import { EventStream } from "../engine/eventStream.js";
import type { Plan } from "../engine/plan.js";
import { Run } from "../engine/run.js";
import type { RunResult } from "../engine/startRun.js";
import type { RunFacts } from "../pool/messages.js";
import { MemoryRunStore } from "../store/memoryRunStore.js";
import type { RunStore } from "../store/runStore.js";
import { buildPlan } from "../worker/buildPlan.js";
import type { OwnFolders } from "../worker/userError.js";
import { InProcessExecutor, type Output } from "./inProcessExecutor.js";

export interface MemoryRunOptions {
  readonly facts: RunFacts;
  /** Where the output of the instances goes. */
  readonly output: Output;
  /** Whose frames are left out of stacks. */
  readonly own: OwnFolders;
}

export interface MemoryRun {
  readonly result: RunResult;
  readonly model: DagModel;
  /** By the same positions as the tasks of the model. */
  readonly store: RunStore;
  readonly events: readonly RunEvent[];
}

/** One whole run in the caller's own process: nothing is started, and nothing is written. */
export async function runInMemory(dag: DagDeclaration, options: MemoryRunOptions): Promise<MemoryRun> {
  const { facts, output, own } = options;
  const model = toModel(dag);
  const plan = withoutPauses(buildPlan(dag));
  const store = new MemoryRunStore();
  const events: RunEvent[] = [];
  const file = dag.at?.file ?? "";
  begin(store, { dag_id: dag.dag_id, file, model, facts });
  const executor = new InProcessExecutor(dag, facts, own, output);
  executor.ready.setWeights(priorityWeights(plan));
  const result = await new Promise<RunResult>((onEnd) => {
    const run = new Run({
      ...{ plan, model, store, pool: executor, clock: systemClock, onEnd },
      openEvents: (countsOf) => new EventStream(facts.run_id, null, countsOf, (event) => events.push(event)),
    });
    executor.begin(run);
    const { dag_id } = dag;
    run.start({
      ...{ type: "run_started", dag_id, file, model },
      ...{ logical_date: facts.logical_date, node: process.version },
    });
  });
  return { result, model, store, events };
}

function begin(store: RunStore, of: { dag_id: string; file: string; model: DagModel; facts: RunFacts }): void {
  const { dag_id, file, model, facts } = of;
  const { run_id, logical_date: date, params } = facts;
  const at = Date.parse(date);
  const moments = { logical_date: at, data_interval_start: at, data_interval_end: at, run_type: "manual" as const };
  const start = { state: "running" as const, start: Date.now(), end: null, error: null };
  store.begin({ run_id, dag_id, file, ...moments, params, node: process.version, model, ...start });
}

/** A test has nothing to wait for. */
function withoutPauses(plan: Plan): Plan {
  return { ...plan, tasks: plan.tasks.map((task) => ({ ...task, retryDelayMs: 0 })) };
}
