import type { InstanceState, StateCounts } from "./run.js";

/** What a person may say an instance has come to. */
export const MARKS = ["success", "failed"] as const;
export type Mark = (typeof MARKS)[number];

/** What a person calls one instance of a task: its index, or the name that its `map_index_template` gave it. */
export type InstanceHandle = number | string;

/** What an action is about: the whole run, a task, or one instance of it. */
export interface Selection {
  readonly task_id?: string;
  readonly map_index?: InstanceHandle;
  /** Everything behind it as well; inside of a mapped group only what has the same index. */
  readonly downstream?: boolean;
  /** Of all that only what has failed, or was not run because something before it had. */
  readonly only_failed?: boolean;
}

/** Something that a person does with a run that has stopped. */
export interface RunAction {
  readonly name: "clear" | "mark";
  /** What instances are marked as. */
  readonly state?: Mark;
  readonly selection: Selection;
}

/** What an action changes of one task. */
export interface PlannedTask {
  readonly task_id: string;
  /** Its instances that are meant, by how they stand now. */
  readonly counts: StateCounts;
  /** The first of them: there may be 100,000. */
  readonly first: readonly { readonly map_index: number; readonly state: InstanceState }[];
}
