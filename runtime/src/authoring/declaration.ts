import type { SourcePoint } from "#core/model/source.js";
import type { TriggerRule } from "#core/model/triggerRule.js";

/**
 * What a DAG file declares, as plain frozen data: the only thing the engine knows of the authoring API.
 * The engine never looks inside the objects that users hold.
 */
export interface DagDeclaration {
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
  /** What is typed but not built yet and was used all the same; the engine refuses to run. */
  readonly notSupported: readonly NotSupported[];
}

export interface NotSupported {
  readonly feature: string;
  readonly at: SourcePoint | undefined;
}

export interface GroupDeclaration {
  readonly group_id: string;
  /** The group around it; null where there is none. */
  readonly parent_id: string | null;
  readonly at: SourcePoint | undefined;
}

export interface TaskDeclaration {
  readonly task_id: string;
  /** The innermost group around the task; null where there is none. */
  readonly group_id: string | null;
  readonly operator: string;
  readonly trigger_rule: TriggerRule;
  readonly retries: number;
  /** Milliseconds between tries. */
  readonly retryDelayMs: number;
  readonly do_xcom_push: boolean;
  /** Inputs that are the same for all instances; values may hold references at any depth of lists and dicts. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly mapping: MappingDeclaration | null;
  /** Whether it has an input of this name; undefined where its code does not tell. */
  readonly takes: (name: string) => boolean | undefined;
  /** Null where its result decides nothing. */
  readonly control: Control | null;
  /** Runs one instance with its resolved inputs, in a worker. */
  readonly execute: (inputs: Readonly<Record<string, unknown>>, context: unknown) => unknown;
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
  | { readonly type: "task"; readonly task_id: string; readonly key: string | null }
  | { readonly type: "map"; readonly of: Reference; readonly fn: (item: never) => unknown }
  | { readonly type: "zip"; readonly of: readonly Reference[]; readonly fillvalue?: unknown }
  | { readonly type: "concat"; readonly of: readonly Reference[] };
