import type { SourcePoint } from "#core/model/source.js";
import type { DagPolicy, TaskPolicy } from "./taskPolicy.js";

/**
 * What a DAG file declares, as plain frozen data: the only thing the engine knows of the authoring API.
 * The engine never looks inside the objects that users hold.
 */
export interface DagDeclaration {
  readonly policy: DagPolicy;
  /** By name: a value, or a `Param` with a value and what it must be. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly callbacks: DagCallbacks;
  readonly dag_id: string;
  readonly description: string | undefined;
  readonly schedule: string | null;
  readonly tags: readonly string[];
  /** In order of creation. */
  readonly tasks: readonly TaskDeclaration[];
  /** In order of their calls; outer groups stand before inner ones. */
  readonly groups: readonly GroupDeclaration[];
  readonly edges: readonly EdgeDeclaration[];
  readonly at: SourcePoint | undefined;
}

export interface GroupDeclaration {
  readonly group_id: string;
  /** The group around it; null where there is none. */
  readonly parent_id: string | null;
  /** Null where the group is not mapped over. Its inputs may hold references. */
  readonly mapping: MappingDeclaration | null;
  /** Names of the inputs of which each instance gets a value of its own. */
  readonly mapped: readonly string[];
  /** Names of the inputs that all instances share. */
  readonly given: readonly string[];
  readonly at: SourcePoint | undefined;
}

/** What a person's code is called with: the context of the instance, which holds the error where there is one. */
export type CallbackFunction = (context: unknown) => unknown;

/** In the order in which they are called; empty where there are none. */
export interface DagCallbacks {
  readonly on_success: readonly CallbackFunction[];
  readonly on_failure: readonly CallbackFunction[];
}

/** The same of a task. */
export interface TaskCallbacks extends DagCallbacks {
  readonly on_execute: readonly CallbackFunction[];
  readonly on_retry: readonly CallbackFunction[];
  readonly on_skipped: readonly CallbackFunction[];
}

/** Runs the body, after callbacks and as often as it has to be; gives its result. */
export type Around = (body: () => unknown) => Promise<unknown>;

export interface TaskDeclaration extends TaskPolicy {
  readonly task_id: string;
  /** The innermost group around the task; null where there is none. */
  readonly group_id: string | null;
  readonly operator: string;
  readonly callbacks: TaskCallbacks;
  /** The names of the inputs whose texts are templates; null for all of them. */
  readonly template_fields: readonly string[] | null;
  /** Endings by which a text in a template field is the name of a template file. */
  readonly template_ext: readonly string[];
  /** The template of an instance's name; null where it has none. */
  readonly map_index_template: string | null;
  /** What the task adds to the `params` of its DAG. */
  readonly params: Readonly<Record<string, unknown>>;
  /** Inputs that are the same for all instances; values may hold references at any depth of lists and dicts. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly mapping: MappingDeclaration | null;
  /** Whether it has an input of this name; undefined where its code does not tell. */
  readonly takes: (name: string) => boolean | undefined;
  /** Null where its result decides nothing. */
  readonly control: Control | null;
  /** Runs one instance with its resolved inputs, in a worker. Whatever prepares the body comes before `around`. */
  readonly execute: (inputs: Readonly<Record<string, unknown>>, context: unknown, around?: Around) => unknown;
  readonly at: SourcePoint | undefined;
}

/** How the result of a task decides which tasks after it are skipped. */
export type Control =
  | { readonly type: "branch" }
  | {
      readonly type: "short_circuit";
      /** True: everything downstream is skipped; false: what follows at once, and the rest by its trigger rules. */
      readonly ignore_downstream_trigger_rules: boolean;
    };

export interface MappingDeclaration {
  readonly kind: "expand" | "expand_kwargs";
  /** `expand`: one entry an input, in source order. `expand_kwargs`: one entry, `kwargs`. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

export interface EdgeDeclaration {
  readonly from: string;
  readonly to: string;
  readonly at: SourcePoint | undefined;
}

/** A reference to what a task will return; users hold it as an `XComArg`. */
export type Reference =
  /** What a mapped group gives the tasks in it: resolved by the index of the group's instance. */
  | {
      readonly type: "mapped_argument";
      readonly group_id: string;
      readonly name: string;
      /** An entry of what the instance gets; null for all of it. */
      readonly key: string | null;
    }
  | { readonly type: "task"; readonly task_id: string; readonly key: string | null }
  | { readonly type: "map"; readonly of: Reference; readonly fn: (item: never) => unknown }
  | { readonly type: "zip"; readonly of: readonly Reference[]; readonly fillvalue?: unknown }
  | { readonly type: "concat"; readonly of: readonly Reference[] };
