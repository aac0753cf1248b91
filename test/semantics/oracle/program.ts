/**
 * A DAG as data: what the campaign draws by chance, prints as TypeScript, runs on the engine and judges by the reference
 * evaluator. Everything in it is plain JSON, so that a failing program can be copied into a test as it is printed.
 */
export interface Program {
  /** Most entries of a result that is mapped over. */
  readonly maxMapLength: number;
  /** In order of creation; values refer to tasks of earlier steps, or of the same group, only. */
  readonly steps: readonly Step[];
  /** Edges beside those that values draw: ids of tasks or groups, the second waits for the first. */
  readonly links: readonly (readonly [from: string, to: string])[];
}

export type Step = TaskStep | GroupStep;

export interface TaskStep {
  readonly type: "task";
  /** With the id of the group around it, as in `g1.t2`. */
  readonly id: string;
  readonly kind: "task" | "branch" | "short_circuit" | "setup" | "teardown";
  /** Of a short circuit. */
  readonly ignoresRules: boolean;
  /** Of a teardown: its failure fails the run. */
  readonly failsRun: boolean;
  /** A teardown has none of its own. */
  readonly rule: Rule;
  readonly retries: number;
  readonly pushes: boolean;
  readonly multipleOutputs: boolean;
  readonly script: Script;
  /** The names that its function takes, in their order. */
  readonly parameters: readonly string[];
  /** What all of its instances get. */
  readonly inputs: Entries;
  readonly mapping: Mapping | null;
}

/** A task group; mapped where it has a mapping. Groups hold no groups. */
export interface GroupStep {
  readonly type: "group";
  readonly id: string;
  /** The names that its function takes. */
  readonly parameters: readonly string[];
  readonly inputs: Entries;
  readonly mapping: Mapping | null;
  readonly tasks: readonly TaskStep[];
}

/** What the function of a task does, by its instance (0 where it is not mapped) and its try. */
export interface Script {
  /** `inputs`: a dict of what it got. Else the values that its instances return in turn, over and over. */
  readonly returns: "inputs" | readonly Json[];
  readonly acts: readonly Act[];
}

export interface Act {
  readonly index: number;
  readonly try: number;
  /** `give_up`: a failure after which no try follows. */
  readonly does: "skip" | "fail" | "give_up";
}

export type Mapping =
  | { readonly kind: "expand"; readonly inputs: Entries }
  /** A list of dicts and references, or one reference. */
  | { readonly kind: "expand_kwargs"; readonly source: Value };

export type Entries = readonly (readonly [name: string, value: Value])[];

export type Value =
  | { readonly type: "json"; readonly value: Json }
  | { readonly type: "list"; readonly items: readonly Value[] }
  | { readonly type: "dict"; readonly entries: Entries }
  /** What the group around the task was given by this name. */
  | { readonly type: "argument"; readonly name: string }
  | { readonly type: "get"; readonly task: string; readonly key: string }
  | Reference;

export type Reference =
  | { readonly type: "result"; readonly task: string }
  | { readonly type: "map"; readonly of: Reference; readonly fn: FunctionName }
  | { readonly type: "zip"; readonly of: readonly Reference[]; readonly fill?: Json }
  | { readonly type: "concat"; readonly of: readonly Reference[] };

export const FUNCTION_NAMES = ["wrap", "kwargs", "none", "skipOnes", "failOnes"] as const;
export type FunctionName = (typeof FUNCTION_NAMES)[number];

export const RULES = [
  "all_success",
  "none_failed",
  "all_done",
  "none_failed_min_one_success",
  "all_failed",
  "all_skipped",
  "none_skipped",
  "one_success",
  "one_failed",
  "one_done",
  "all_done_min_one_success",
  "always",
] as const;
export type Rule = (typeof RULES)[number];

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface PlacedTask {
  readonly task: TaskStep;
  readonly group: GroupStep | null;
}

/** All tasks in order of creation, with the group around each. */
export function tasksOf(program: Program): readonly PlacedTask[] {
  return program.steps.flatMap((step): readonly PlacedTask[] =>
    step.type === "task" ? [{ task: step, group: null }] : step.tasks.map((task) => ({ task, group: step })),
  );
}

/** The tasks that a value refers to, at any depth. */
export function tasksIn(value: Value): readonly string[] {
  switch (value.type) {
    case "json":
    case "argument":
      return [];
    case "list":
      return value.items.flatMap(tasksIn);
    case "dict":
      return value.entries.flatMap(([, inner]) => tasksIn(inner));
    case "get":
    case "result":
      return [value.task];
    case "map":
      return tasksIn(value.of);
    case "zip":
    case "concat":
      return value.of.flatMap(tasksIn);
  }
}

export function isReference(value: Value): value is Reference {
  return value.type === "result" || value.type === "map" || value.type === "zip" || value.type === "concat";
}

/** What a mapping is made of. */
export function sourcesIn(mapping: Mapping): readonly Value[] {
  return mapping.kind === "expand_kwargs" ? [mapping.source] : mapping.inputs.map(([, value]) => value);
}
