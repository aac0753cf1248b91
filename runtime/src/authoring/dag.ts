import { DAG_ARGUMENTS } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { DAG, isDict } from "./brand.js";
import { DagBuilder, type DagHead } from "./dagBuilder.js";
import { readParams } from "./declareTask.js";
import type { DagDeclaration } from "./declaration.js";
import { checkId } from "./id.js";
import { refusePromise } from "./refusePromise.js";
import { registry } from "./registry.js";
import { readSchedule } from "./schedule.js";
import { callerOf } from "./sourcePoint.js";
import { readDagPolicy } from "./readPolicy.js";
import { checkDefaultArgs, readCallbacks } from "./taskOptions.js";
import type { DagArgs } from "./types/options.js";
import type { DagTestOptions, DagTestResult } from "./types/testing.js";

/** A DAG as its file exports it. */
export interface Dag {
  /** As it was given. */
  readonly dag_id: string;
  /**
   * Runs the DAG once in the caller's own process and without leaving anything behind, as a test wants it: instance by
   * instance, by the same code as a real run, without pauses between tries. Runs of one process take turns.
   * Airflow's `dag.test()`. Rejects with a `FanoutError` where the DAG cannot be run; tasks that fail do not reject.
   *
   * ```ts
   * const result = await my_dag.test({ params: { n: 3 }, xcoms: { extract: [1, 2] } });
   * assert.equal(result.state, "success");
   * assert.deepEqual(result.xcom("add"), [11, 12]);
   * ```
   */
  test(options?: DagTestOptions): Promise<DagTestResult>;
}

/** Everything that `dag()` may be given. */
const ARGUMENTS: Readonly<Record<keyof DagArgs, true>> = DAG_ARGUMENTS;

/**
 * Declares a DAG. `body` runs at once and describes the graph: the tasks that are called in it belong to the DAG, and
 * a result that is given to another task makes that one run after it. The body must not be asynchronous: what takes
 * time belongs into tasks.
 *
 * ```ts
 * export default dag({ dag_id: "adder", schedule: "@daily", start_date: new Date("2022-04-02") }, () => {
 *   const added = add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
 *   total({ values: added });
 * });
 * ```
 */
export function dag(args: DagArgs, body: () => void): Dag {
  const at = callerOf(dag);
  const builder = startDag(args, body, at);
  const shared = registry();
  const outer = shared.building;
  if (outer !== undefined) {
    throw new AuthoringError("invalid-argument", `DAG '${args.dag_id}' is declared in the body of another one.`, at);
  }
  shared.building = builder;
  try {
    refusePromise(body(), "dag()", at);
  } finally {
    shared.building = undefined;
  }
  const declaration = builder.finish();
  for (const collect of shared.collectors) collect(declaration);
  return makeDag(declaration);
}

/** The declaration behind what `dag()` returned; undefined for every other value. */
export function declarationOf(value: unknown): DagDeclaration | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  return (value as { [DAG]?: DagDeclaration })[DAG];
}

function makeDag(declaration: DagDeclaration): Dag {
  const test = async (options?: DagTestOptions): Promise<DagTestResult> => {
    // The engine: only tests pay for it.
    const { runTest } = await import("../testing/entry.js");
    return runTest(declaration, options);
  };
  const made: Dag = { dag_id: declaration.dag_id, test };
  Object.defineProperty(made, DAG, { value: declaration });
  return Object.freeze(made);
}

function startDag(args: DagArgs, body: unknown, at: SourcePoint | undefined): DagBuilder {
  if (!isDict(args) || typeof body !== "function") {
    throw new AuthoringError("invalid-argument", "dag() takes an object of arguments and a function.", at);
  }
  const { dag_id, description, tags = [], default_args = {} } = args;
  checkId("dag_id", dag_id, at);
  checkNames(args, at);
  if (!isDict(default_args)) throw new AuthoringError("invalid-argument", "'default_args' must be an object.", at);
  checkDefaultArgs(default_args, at);
  checkTags(tags, at);
  const schedule = readSchedule(scheduleOf(args, at), at);
  const head = { dag_id, description, schedule, tags: Object.freeze([...tags]), at };
  const builder = new DagBuilder({ ...head, ...readRunning(args, at) }, default_args);
  return builder;
}

function scheduleOf({ schedule, schedule_interval }: DagArgs, at: SourcePoint | undefined): unknown {
  if (schedule === undefined || schedule_interval === undefined) return schedule ?? schedule_interval;
  throw new AuthoringError("invalid-argument", "'schedule_interval' is the old name of 'schedule': give one.", at);
}

function readRunning(args: DagArgs, at: SourcePoint | undefined): Pick<DagHead, "policy" | "params" | "callbacks"> {
  const options = { ...args };
  const callbacks = {
    on_success: readCallbacks(options, "on_success_callback", at),
    on_failure: readCallbacks(options, "on_failure_callback", at),
  };
  return { policy: readDagPolicy(options, at), params: readParams(args.params, at), callbacks };
}

function checkTags(tags: unknown, at: SourcePoint | undefined): void {
  if (Array.isArray(tags) && tags.every((tag) => typeof tag === "string")) return;
  throw new AuthoringError("invalid-argument", "'tags' must be a list of texts.", at);
}

function checkNames(args: DagArgs, at: SourcePoint | undefined): void {
  const unknown = Object.keys(args).find((name) => !(name in ARGUMENTS));
  if (unknown === undefined) return;
  throw new AuthoringError("invalid-argument", `'${unknown}' is no argument of dag().`, at);
}
