import type { ts } from "ts-morph";
import type { PartialFacts } from "./facts.js";
import type { Certainty, Scope } from "./scope.js";

/**
 * What the interpreter knows of an expression without running it. Lists and dicts keep their identity, as in
 * JavaScript, so that a `push` through one name is seen through every other; everybody but the interpreter reads only.
 */
export type Value =
  | ConstValue
  | PatternValue
  | ListValue
  | DictValue
  | XComValue
  | TaskFunctionValue
  | OperatorClassValue
  | OperatorValue
  | PartialValue
  | GroupFunctionValue
  | GroupValue
  | DagValue
  | FunctionValue
  | BoundMethodValue
  | ClassValue
  | InstanceValue
  | CollectionValue
  | NamespaceValue
  | ApiValue
  | GlobalValue
  | UnionValue
  | UnknownValue;

/** What makes a value another one each time the file is loaded, and where that is read. */
export interface Volatile {
  readonly source: "time" | "random" | "environment";
  readonly node: ts.Node;
}

export type Primitive = string | number | boolean | bigint | null | undefined;

export interface ConstValue {
  readonly type: "const";
  readonly value: Primitive;
}

/** A string of which some parts are unknown; they are written as `*`. */
export interface PatternValue {
  readonly type: "pattern";
  readonly text: string;
  readonly volatile?: Volatile;
}

export interface ListValue {
  readonly type: "list";
  readonly items: Value[];
  /** Of a list of unknown length. */
  volatile?: Volatile;
  /** False: there may be more, fewer or other items. */
  complete: boolean;
  /** Where it was made: a change under a less certain condition makes it incomplete. */
  readonly certainty: Certainty;
}

export interface DictValue {
  readonly type: "dict";
  readonly entries: Map<string, DictEntry>;
  /** False: there may be other entries, e.g. behind a spread. */
  complete: boolean;
  readonly certainty: Certainty;
}

export interface DictEntry {
  readonly value: Value;
  /** Where an object literal gives it; undefined for entries that code adds. */
  readonly site: EntrySite | undefined;
  /** What gives the value each time it is asked for. */
  readonly getter?: FunctionValue;
}

export interface EntrySite {
  readonly nameNode: ts.Node;
  readonly property: ts.ObjectLiteralElementLike;
  readonly expression: ts.Expression;
}

/** The task behind a reference. `task_id` is final, group ids and `__1` included. */
export interface TaskHandle {
  readonly task_id: string;
  readonly mapped: boolean;
}

/** A reference to what tasks will return. */
export interface XComValue {
  readonly type: "xcom";
  /** `result`: of one task. `argument`: what the body of a task group receives for an input. The rest are derived. */
  readonly form: "result" | "get" | "map" | "zip" | "concat" | "argument";
  /** The task of a `result`. */
  readonly task: TaskHandle | undefined;
  /** What a derived reference is made of. */
  readonly of: readonly Value[];
  /** How many items it has, where that can be told before a run. */
  readonly length: number | undefined;
  /** The call of a derived reference, and all that it was given. */
  readonly call?: { readonly site: ts.Node; readonly args: readonly Value[] };
}

/** Inputs or options by name: `complete` is false where a spread or a variable may hide others. */
export interface Arguments {
  readonly entries: ReadonlyMap<string, DictEntry>;
  readonly complete: boolean;
}

/** What `task(…)` gives. */
export interface TaskFunctionValue {
  readonly type: "task-function";
  /** `task`, `task.branch`, `setup`, … as written in the API. */
  readonly flavour: string;
  /** The `task(…)` call. */
  readonly definition: ts.Node;
  readonly fn: ts.SignatureDeclaration | undefined;
  /** Of the definition and of every `override`, the last one winning. */
  readonly options: Arguments;
}

export interface OperatorClassValue {
  readonly type: "operator-class";
  readonly name: string;
  /** The class; an operator of the API itself has the API's declaration. */
  readonly declaration: ts.ClassLikeDeclaration | undefined;
  /** The class as code of the user's own, which may have a constructor and members; undefined for the API's. */
  readonly own?: ClassValue;
}

/** What `new Operator(…)` or an operator's `expand` gives: not a reference, its `output` is one. */
export interface OperatorValue {
  readonly type: "operator";
  readonly task: TaskHandle;
  readonly output: XComValue;
  /** Its own fields and methods; undefined for operators of the API. */
  readonly self?: InstanceValue;
}

export interface PartialValue {
  readonly type: "partial";
  readonly of: TaskFunctionValue | OperatorClassValue | GroupFunctionValue;
  readonly facts: PartialFacts;
  /** What every `partial` up to here gave. */
  readonly inputs: Arguments;
}

export interface GroupFunctionValue {
  readonly type: "group-function";
  readonly definition: ts.Node;
  readonly options: Arguments;
  readonly body: Value;
}

/** What calling a task group gives when its body returns nothing that can be used. */
export interface GroupValue {
  readonly type: "group";
  readonly group_id: string;
  readonly tasks: readonly TaskHandle[];
}

export interface DagValue {
  readonly type: "dag";
  readonly dag_id: string;
}

export interface FunctionValue {
  readonly type: "function";
  readonly node: ts.SignatureDeclaration;
  readonly scope: Scope;
  /** `this` of a method. */
  readonly self: Value | undefined;
}

/** A method of a list, string, reference, … that was taken without being called yet. */
export interface BoundMethodValue {
  readonly type: "bound-method";
  readonly receiver: Value;
  readonly name: string;
}

export interface ClassValue {
  readonly type: "class";
  readonly declaration: ts.ClassLikeDeclaration;
  readonly scope: Scope;
  /** What it extends. */
  readonly base: Value | undefined;
  readonly statics: Fields;
}

/** Fields of an instance, or static ones of a class. */
export interface Fields {
  readonly values: Map<string, Value>;
  /** Where they were made: what is set under a less certain condition may have been set. */
  readonly certainty: Certainty;
}

export interface InstanceValue {
  readonly type: "instance";
  readonly of: ClassValue;
  readonly fields: Fields;
  /** The operator that `super(…)` made of it. */
  operator?: OperatorValue | undefined;
}

/** A `Set`, or a `Map` whose items are lists of key and value. */
export interface CollectionValue {
  readonly type: "collection";
  readonly kind: "Set" | "Map";
  readonly items: ListValue;
}

/** `import * as name`, `export * as name`, `namespace N {}`. */
export interface NamespaceValue {
  readonly type: "namespace";
  readonly symbol: ts.Symbol;
}

/** Something that the package `fanout` exports: `dag`, `task`, `task.branch`, `chain`, … */
export interface ApiValue {
  readonly type: "api";
  readonly name: string;
}

/** A global of the language: `Object`, `Array`, `Array.from`, `JSON.parse`, … */
export interface GlobalValue {
  readonly type: "global";
  readonly name: string;
}

/** One of these, depending on a condition that reading cannot decide. */
export interface UnionValue {
  readonly type: "union";
  readonly of: readonly Value[];
  readonly volatile?: Volatile;
}

export interface UnknownValue {
  readonly type: "unknown";
  /** One sentence without full stop, for people: why it is not known. */
  readonly reason: string;
  readonly node: ts.Node | undefined;
  readonly volatile?: Volatile;
}
