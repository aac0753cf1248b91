import type { DagModel } from "#core/model/dag.js";
import type { RunError, RunState } from "#core/model/run.js";
import type { RunStore } from "../store/runStore.js";
import type { Clock } from "./clock.js";
import type { EventStream } from "./eventStream.js";
import type { Executor } from "./executor.js";
import type { OnlyPart } from "./onlyPart.js";
import type { Past } from "./past.js";
import type { Plan } from "./plan.js";

export interface RunResult {
  readonly state: RunState;
  /** True where `cancel()` stopped it; the state is then `failed`. */
  readonly cancelled: boolean;
  readonly error?: RunError;
}

/** What a run is made of. */
export interface RunParts {
  readonly plan: Plan;
  readonly model: DagModel;
  readonly clock: Clock;
  readonly pool: Executor;
  readonly store: RunStore;
  /** The run that tasks look back at that depend on the past; left out or null: there is none. */
  readonly past?: Past | null;
  /** Number of the code that instances run with; left out: the first. */
  readonly bundle?: number;
  /** The part of the DAG that runs; left out: all of it. */
  readonly only?: OnlyPart | null;
  /** Made for the run, because the stream asks it for counts. */
  readonly openEvents: (countsOf: EventStream["countsOf"]) => EventStream;
  /** Called once, when nothing runs any more and everything is stored; processes may still be about to leave. */
  readonly onEnd: (result: RunResult) => void;
}
