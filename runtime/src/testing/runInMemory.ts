import type { RunEvent } from "#core/model/runEvent.js";
import type { DagDeclaration } from "../authoring/declaration.js";
import { ManualClock } from "../engine/clock.js";
import { priorityWeights } from "../engine/dispatchRules.js";
import { EventStream } from "../engine/eventStream.js";
import type { LoadedDag } from "../engine/plan.js";
import { checkPools } from "../engine/pools.js";
import { Run } from "../engine/run.js";
import { momentsOf, writeMoments } from "../engine/runMoments.js";
import { readRunSettings } from "../engine/runSettings.js";
import type { RunResult } from "../engine/startRun.js";
import { paramValues } from "../params/paramSpecs.js";
import type { RunFacts } from "../pool/messages.js";
import { MemoryRunStore } from "../store/memoryRunStore.js";
import { runIdFor } from "../store/runFolder.js";
import type { RunStore } from "../store/runStore.js";
import { describeDag } from "../worker/loadBundle.js";
import type { OwnFolders } from "../worker/userError.js";
import { InProcessExecutor, type Output } from "./inProcessExecutor.js";

export interface MemoryRunOptions {
  /** Now where left out. */
  readonly logical_date?: Date;
  /** What the run is given, over the DAG's own. */
  readonly params?: Readonly<Record<string, unknown>>;
  /** Where the output of the instances goes. */
  readonly output: Output;
  /** Whose frames are left out of stacks. */
  readonly own: OwnFolders;
}

export interface MemoryRun {
  readonly result: RunResult;
  readonly dag: LoadedDag;
  /** Its tasks have the positions of those of the plan. */
  readonly store: RunStore;
  readonly events: readonly RunEvent[];
}

/**
 * One whole run in the caller's own process: nothing is started, and nothing is written.
 * @throws FanoutError where the run cannot be started.
 */
export async function runInMemory(declaration: DagDeclaration, options: MemoryRunOptions): Promise<MemoryRun> {
  const dag = describeDag(declaration);
  const file = declaration.at?.file ?? "";
  const conf = options.params ?? {};
  const { pools, maxMapLength } = await readRunSettings({ file: file || "dag.ts" });
  checkPools(dag.plan, pools);
  const clock = new ManualClock(Date.now());
  const start = clock.now();
  const moments = await momentsOf(options, dag, start);
  const params = paramValues(dag.params, conf, dag.model.span);
  const written = writeMoments(moments);
  const run_id = runIdFor(written);
  const start_date = new Date(start).toISOString();
  const facts: RunFacts = { run_id, ...written, start_date, params, conf, file, maxMapLength };
  const store = new MemoryRunStore();
  store.begin({
    ...{ run_id, dag_id: declaration.dag_id, file, ...moments, params, conf, model: dag.model },
    ...{ node: process.version, state: "running", start, end: null, error: null },
  });
  const executor = new InProcessExecutor(declaration, facts, options, clock);
  executor.ready.setWeights(priorityWeights(dag.plan));
  const { result, events } = await runToEnd({ dag, facts, store, executor, clock });
  return { result, dag, store, events };
}

interface Begun {
  readonly dag: LoadedDag;
  readonly facts: RunFacts;
  readonly store: RunStore;
  readonly executor: InProcessExecutor;
  readonly clock: ManualClock;
}

function runToEnd(begun: Begun): Promise<{ result: RunResult; events: readonly RunEvent[] }> {
  const { dag, facts, store, executor, clock } = begun;
  const { plan, model } = dag;
  const { run_id, logical_date, file = "" } = facts;
  const events: RunEvent[] = [];
  return new Promise((resolve) => {
    const run = new Run({
      ...{ plan, model, store, clock, pool: executor },
      onEnd: (result) => resolve({ result, events }),
      openEvents: (countsOf) => new EventStream(run_id, null, countsOf, (event) => events.push(event)),
    });
    executor.begin(run);
    run.start({ type: "run_started", dag_id: plan.dag_id, file, model, logical_date, node: process.version });
  });
}
