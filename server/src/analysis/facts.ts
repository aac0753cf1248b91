import type { ts } from "ts-morph";
import type { DagModel, GroupNode, TaskNode, Unresolved } from "#core/model/dag.js";
import type { Value, Volatile } from "./value.js";

/**
 * What reading one DAG file found: the model that everybody sees, and beside it the syntax it came from, which only
 * rules and editor features may look at. Nothing here outlives the program it was read from.
 */
export interface FileFacts {
  readonly fileName: string;
  readonly sourceFile: ts.SourceFile;
  /** In order of their `dag()` calls. */
  readonly dags: readonly DagFacts[];
  /** `partial()` calls of this file that no `expand` or `expand_kwargs` ever used. */
  readonly unexpanded: readonly PartialFacts[];
  /** What code did that reading saw and a rule may judge, in the order in which it happens. */
  readonly observations: readonly Observation[];
  /** True where the text has syntax errors; the facts are then as much as could be read. */
  readonly broken: boolean;
  /** True where the project asks TypeScript to check JavaScript too, in files that do not say otherwise. */
  readonly checksJavaScript: boolean;
  /** Absolute paths of every file that was looked into, itself included: an edit in one makes these facts stale. */
  readonly dependencies: readonly string[];
  /** What was looked for and why something was not recognised, for `Explain This File`. */
  readonly notes: readonly Note[];
  /** Where and why reading ended before the end of what the file does; what comes after is not in these facts. */
  readonly stopped: StoppedReading | undefined;
}

export interface StoppedReading {
  /** `steps`: more was to follow than is followed. `time`: it took too long, and nothing is known of the file. */
  readonly why: "steps" | "time";
  /** In the file itself. */
  readonly node: ts.Node;
}

/**
 * Something that reading a file came by and that is no part of a DAG's model. Each kind is made in one place of the
 * interpreter (`Findings.observe`) and judged by one rule.
 */
export interface Observation {
  readonly kind: ObservationKind;
  /** Where it is written, in this file or a helper's. */
  readonly node: ts.Node;
  /** The call in this file that led there, or the node itself. */
  readonly site: ts.Node;
  /** What was used. */
  readonly value: Value;
  /** The DAG whose body was being followed; undefined outside of every `dag()`. */
  readonly dag: string | undefined;
  /** False where it happens only under a condition that reading cannot decide. */
  readonly certain: boolean;
}

/**
 * `reference-condition`: a reference decides a condition, and the text alone shows that it always is one.
 * `perhaps-reference-condition`: a reference decides a condition; it may be something else when it is looked at again.
 * `partial-condition`: a partial decides a condition.
 * `reference-operand`: a reference is calculated or compared with, or gone through by a loop, spread or pattern.
 * `reference-text`: a reference becomes a part of a text.
 * `unread-call`: a function was called that reading does not see, so it may make tasks; the value is what was called.
 * `derived-reference`: `get`, `map`, `zip` or `concat` of a reference; the value is the result.
 * `outside-dag`: a task or group is made, and no DAG is being described.
 */
export type ObservationKind =
  | "reference-condition"
  | "perhaps-reference-condition"
  | "partial-condition"
  | "reference-operand"
  | "reference-text"
  | "unread-call"
  | "derived-reference"
  | "outside-dag";

export interface Note {
  readonly text: string;
  readonly node: ts.Node | undefined;
}

export interface DagFacts {
  readonly model: DagModel;
  readonly call: ts.CallExpression;
  /** False where the `dag()` call happens only under a condition that reading cannot decide. */
  readonly certain: boolean;
  readonly dagIdNode: ts.Node | undefined;
  /** What the `dag()` call is given; `default_args` among them as one. */
  readonly options: readonly InputFacts[];
  /** False where the call may be given options that `options` does not show. */
  readonly optionsComplete: boolean;
  /** The function that builds the DAG, where it is known. */
  readonly body: ts.SignatureDeclaration | undefined;
  /** Where the graph depends on something that is another each time the file is loaded. */
  readonly volatile: readonly VolatileUse[];
  /** Where a task of another DAG is used as if it were this one's. */
  readonly foreign: readonly ForeignUse[];
  /** One for each `model.tasks`, in the same order. */
  readonly tasks: readonly TaskFacts[];
  /** One for each `model.groups`, in the same order. */
  readonly groups: readonly GroupFacts[];
  /** As `alternatives`, of groups. */
  readonly groupAlternatives: readonly GroupFacts[];
  /** Calls that make a task of `tasks` another way: in the `else` where the first call is in the `if`. */
  readonly alternatives: readonly TaskFacts[];
  /** One for each edge, also those that closed a cycle and are therefore worth a look. */
  readonly edges: readonly EdgeFacts[];
}

/** An id, condition, loop or list of a DAG that depends on something that is another each time. */
export interface VolatileUse {
  readonly what: Unresolved["what"];
  readonly node: ts.Node;
  readonly of: Volatile;
}

/** A dependency that cannot be drawn, because one of its tasks belongs to another DAG. */
export interface ForeignUse {
  readonly task_id: string;
  /** As that of an edge. */
  readonly node: ts.Node;
}

export interface EdgeFacts {
  readonly from: string;
  readonly to: string;
  /** The argument, `chain` call or `set_downstream` call that draws it; in this file or in a helper's. */
  readonly node: ts.Node;
}

export interface TaskFacts {
  readonly node: TaskNode;
  readonly kind: "task" | "operator";
  /** The call or `new` that creates the task; where a helper of another file creates it, the call in this file. */
  readonly site: ts.Node;
  /** The same in the file where it is written, which may be a helper's. */
  readonly origin: ts.Node;
  /** `task(…)`, or the operator's class. */
  readonly definition: ts.Node | undefined;
  /** `task`, `task.branch`, `setup`, … as written in the API; undefined for operators. */
  readonly flavour: string | undefined;
  /** What an instance executes: the task's function. Undefined for operators and where it is not known. */
  readonly fn: ts.SignatureDeclaration | undefined;
  /** Where the id is written: `task_id: "…"` or the function's name. */
  readonly idNode: ts.Node | undefined;
  /** False where surely nothing gives the task an id: no `task_id`, an empty one, or a function without a name. */
  readonly isNamed: boolean;
  /** The id before a `__1` was added, group ids included. */
  readonly baseId: string;
  /** Names that the task's function, or the operator's constructor, takes. Undefined: cannot be told. */
  readonly parameters: ReadonlySet<string> | undefined;
  /** Inputs given by the call or by `partial`. */
  readonly inputs: readonly InputFacts[];
  /** Null where the task is not mapped. */
  readonly mapping: MappingFacts | null;
  /** Arguments of the operator or options of the task: `retries`, `trigger_rule`, … */
  readonly options: readonly InputFacts[];
  /** False where the task may be given options that `options` does not show. */
  readonly optionsComplete: boolean;
  /** False where `node.trigger_rule` stands in for one that reading cannot know. */
  readonly isTriggerRuleKnown: boolean;
}

/** One call of a task group. */
export interface GroupFacts {
  readonly node: GroupNode;
  readonly kind: "group";
  /** As those of a task. */
  readonly site: ts.Node;
  readonly origin: ts.Node;
  /** `task_group(…)`. */
  readonly definition: ts.Node;
  /** Where the id is written: `group_id: "…"`. */
  readonly idNode: ts.Node | undefined;
  /** Names that the group's body takes. Undefined: cannot be told. */
  readonly parameters: ReadonlySet<string> | undefined;
  /** The function that builds the group, where it is known. */
  readonly body: ts.SignatureDeclaration | undefined;
  /** What the `task_group()` call and every `override` give; `default_args` among them as one. */
  readonly options: readonly InputFacts[];
  readonly inputs: readonly InputFacts[];
  /** Null where the group is not mapped. */
  readonly mapping: MappingFacts | null;
}

export interface MappingFacts {
  readonly kind: "expand" | "expand_kwargs";
  /** The `.expand(…)` call. */
  readonly call: ts.CallExpression;
  /** `expand` or `expand_kwargs` in it. */
  readonly nameNode: ts.Node;
  /** Inputs that could be told apart; `complete` is false where a spread or variable may hide others. */
  readonly inputs: readonly InputFacts[];
  readonly complete: boolean;
  /** What the interpreter knows of the argument; undefined where there is none. */
  readonly argument: Value | undefined;
  /** The `partial()` call before it. */
  readonly partial: PartialFacts | null;
}

export interface PartialFacts {
  readonly call: ts.CallExpression;
  readonly inputs: readonly InputFacts[];
  /** Of the task, operator or group it belongs to, for messages; undefined where it cannot be told. */
  readonly name: string | undefined;
  /** What the task's function or group's body takes, as in `TaskFacts`: a fix writes those that `partial` was not given. */
  readonly parameters?: ReadonlySet<string> | undefined;
}

export interface InputFacts {
  readonly name: string;
  /** The property's name, in this file or a helper's. */
  readonly nameNode: ts.Node;
  /** The whole property: what a fix moves or removes. */
  readonly property: ts.ObjectLiteralElementLike;
  /** The expression that gives the value. */
  readonly expression: ts.Expression;
  /** What the interpreter knows of the value. */
  readonly value: Value;
}
