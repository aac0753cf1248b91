import type { SourceSpan } from "./source.js";
import type { TriggerRule } from "./triggerRule.js";

/** Raised when the shape changes, so that a stored or transmitted model of another version is told apart. */
export const MODEL_VERSION = 1;

/**
 * The DAG model (IR): plain JSON, two producers (the server reads source, the runtime executes it) and many
 * consumers (rules, preview, engine, command line). Nothing in it is TypeScript's own except spans.
 */
export interface DagModel {
  readonly modelVersion: typeof MODEL_VERSION;
  /** How it was made; shown to the person as what it is. */
  readonly origin: "read" | "executed";
  readonly dag_id: string;
  readonly description?: string;
  /** A cron expression, a preset, seconds of a timedelta as `PT…S`, or null. */
  readonly schedule: string | null;
  /** The zone whose clocks a cron expression means; left out: UTC. */
  readonly timezone?: string;
  /** ISO 8601; no data interval of the DAG begins before it. Left out where there is none, or reading cannot tell. */
  readonly start_date?: string;
  /** The same, and none begins after it. */
  readonly end_date?: string;
  readonly tags: readonly string[];
  /** In the order in which the code creates them. */
  readonly tasks: readonly TaskNode[];
  readonly groups: readonly GroupNode[];
  readonly edges: readonly Edge[];
  /** What reading could not decide. Empty in an executed model. */
  readonly unresolved: readonly Unresolved[];
  /** The `dag()` call. */
  readonly span?: SourceSpan;
}

export interface TaskNode {
  /** Full id: group ids joined with dots before the task's own. */
  readonly task_id: string;
  /** `task` for task functions, else the operator's class name. */
  readonly operator: string;
  readonly group_id: string | null;
  readonly trigger_rule: TriggerRule;
  /** Only where the task prepares something for others, or cleans up after them. */
  readonly role?: "setup" | "teardown";
  /** Null where the task is not mapped. */
  readonly mapping: Mapping | null;
  /**
   * `exact`: this node exists under this id. `maybe`: it depends on a condition that reading cannot decide.
   * `pattern`: parts of the id are unknown and written as `*`. An executed model has only `exact`.
   */
  readonly certainty: "exact" | "maybe" | "pattern";
  /** The call that creates the task. */
  readonly span?: SourceSpan;
}

export interface GroupNode {
  readonly group_id: string;
  readonly parent_id: string | null;
  readonly mapping: Mapping | null;
  readonly span?: SourceSpan;
}

export interface Mapping {
  readonly kind: "expand" | "expand_kwargs";
  /** In source order: the last input varies fastest. `expand_kwargs` has one, named `kwargs`. */
  readonly inputs: readonly MappedInput[];
}

export interface MappedInput {
  readonly name: string;
  readonly source: MapSource;
  readonly span?: SourceSpan;
}

/** What is known, before a run, of how many values an input contributes. */
export type MapSource =
  /** `upstream`: the tasks that fill in items of a literal list (`[1, num()]`). */
  | { readonly type: "literal"; readonly length: number; readonly upstream?: readonly string[] }
  /** A task's result, through any map, zip or concat. `length` where it can be told (a mapped upstream of known count). */
  | { readonly type: "xcom"; readonly upstream: readonly string[]; readonly length?: number }
  | { readonly type: "unresolved" };

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** The argument, `chain` call or `set_downstream` call that draws it. */
  readonly span?: SourceSpan;
}

/** Something that reading cannot decide: never a guess, never left out. */
export interface Unresolved {
  readonly what:
    "task_id" | "dag_id" | "group_id" | "inputs" | "mapping" | "edge" | "condition" | "loop" | "call" | "value";
  /** One sentence for the person: why it could not be decided. */
  readonly reason: string;
  readonly span: SourceSpan;
}
