import { ts } from "ts-morph";
import { isListMethod } from "../builtins/lists.js";
import { isTextMethod } from "../builtins/texts.js";
import type { Interpreter } from "../interpreter.js";
import { enumEntries, resolveAlias } from "../symbols.js";
import type { DictValue, ListValue, NamespaceValue, OperatorValue, Value, XComValue } from "../value.js";
import { UNDEFINED, constant, isNullish, union, unknown } from "../values.js";
import { callVolatile } from "../volatility.js";
import { instanceMember, staticMember } from "./classes.js";

const DEPENDENCY_METHODS = ["set_downstream", "set_upstream"];
const TASK_METHODS = [...DEPENDENCY_METHODS, "as_setup", "as_teardown"];

/** Methods of the API's own objects. */
const METHODS: Readonly<Partial<Record<Value["type"], ReadonlySet<string>>>> = {
  xcom: new Set([...TASK_METHODS, "concat", "get", "map", "toString", "zip"]),
  "task-function": new Set(["expand", "expand_kwargs", "override", "partial"]),
  "operator-class": new Set(["partial"]),
  operator: new Set(TASK_METHODS),
  partial: new Set(["expand", "expand_kwargs", "partial"]),
  "group-function": new Set(["expand", "expand_kwargs", "override", "partial"]),
  group: new Set(DEPENDENCY_METHODS),
  collection: new Set(["add", "clear", "delete", "entries", "forEach", "get", "has", "keys", "set", "values"]),
  function: new Set(["apply", "bind", "call"]),
};

/** What `receiver.name` gives. */
export function readMember(interpreter: Interpreter, receiver: Value, name: string, node: ts.Node): Value {
  if (METHODS[receiver.type]?.has(name) === true) return { type: "bound-method", receiver, name };
  switch (receiver.type) {
    case "dict":
      return entryOf(interpreter, receiver, name, node);
    case "list":
      return itemOf(receiver, name, node);
    case "const":
    case "pattern":
      return textMember(receiver, name, node);
    case "xcom":
    case "operator":
      return referenceMember(interpreter, receiver, name, node);
    case "namespace":
      return exportOf(interpreter, receiver, name, node);
    case "instance":
      return instanceMember(interpreter, receiver, name, node) ?? notKnown(name, node);
    case "class":
      return staticMember(interpreter, receiver, receiver, name, node) ?? notKnown(name, node);
    case "operator-class":
      return staticMember(interpreter, receiver.own, receiver, name, node) ?? notKnown(name, node);
    case "api":
      return { type: "api", name: `${receiver.name}.${name}` };
    case "global":
      return globalMember(receiver.name, name, node);
    case "union":
      return union(receiver.of.map((member) => interpreter.readMember(member, name, node)));
    case "dag":
      return name === "dag_id" ? constant(receiver.dag_id) : notKnown(name, node);
    case "collection":
      return name === "size" ? itemOf(receiver.items, "length", node) : notKnown(name, node);
    case "unknown":
      return receiver;
    case "bound-method":
    case "function":
    case "group":
    case "group-function":
    case "partial":
    case "task-function":
      return notKnown(name, node);
  }
}

function notKnown(name: string, node: ts.Node): Value {
  return unknown(`'${name}' is not known before a run`, node);
}

function entryOf(interpreter: Interpreter, receiver: DictValue, name: string, node: ts.Node): Value {
  const { value, getter } = receiver.entries.get(name) ?? {};
  if (getter !== undefined) return interpreter.call({ ...getter, self: receiver }, [], node);
  if (value === undefined) return receiver.complete ? UNDEFINED : notKnown(name, node);
  const isMethod = value.type === "function" && value.self === undefined && !ts.isArrowFunction(value.node);
  return isMethod ? { ...value, self: receiver } : value;
}

function itemOf(receiver: ListValue, name: string, node: ts.Node): Value {
  if (isListMethod(name)) return { type: "bound-method", receiver, name };
  if (!receiver.complete) return unknown("the list is not known in full before a run", node);
  if (name === "length") return constant(receiver.items.length);
  if (!Number.isNaN(Number(name))) return receiver.items[Number(name)] ?? UNDEFINED;
  // Another method of the language's, which may change the list.
  receiver.complete = false;
  return notKnown(name, node);
}

function textMember(receiver: Value, name: string, node: ts.Node): Value {
  if (isNullish(receiver)) return unknown(`'${name}' is read from nothing`, node);
  if (isTextMethod(name)) return { type: "bound-method", receiver, name };
  if (receiver.type !== "const" || typeof receiver.value !== "string") return notKnown(name, node);
  if (name === "length") return constant(receiver.value.length);
  return constant(receiver.value[Number(name)]);
}

function referenceMember(
  interpreter: Interpreter,
  receiver: XComValue | OperatorValue,
  name: string,
  node: ts.Node,
): Value {
  const { task, output } = receiver.type === "operator" ? receiver : { task: undefined, output: undefined };
  if (name === "output" && output !== undefined) return output;
  const handle = receiver.type === "xcom" ? receiver.task : task;
  if (name === "task_id" && handle !== undefined) return constant(handle.task_id);
  const member =
    receiver.type === "operator" && receiver.self !== undefined
      ? instanceMember(interpreter, { ...receiver.self, operator: undefined }, name, node)
      : undefined;
  if (member !== undefined) return member;
  return unknown("a task's result has no value while the DAG is described", node);
}

function exportOf(interpreter: Interpreter, receiver: NamespaceValue, name: string, node: ts.Node): Value {
  const { checker } = interpreter;
  const key = ts.escapeLeadingUnderscores(name);
  const direct = receiver.symbol.exports?.get(key);
  const isModule = receiver.symbol.flags & ts.SymbolFlags.ValueModule;
  const found =
    direct ??
    (isModule ? checker.getExportsOfModule(receiver.symbol).find((other) => other.escapedName === key) : undefined);
  const target = found && resolveAlias(checker, found);
  const constantName = enumEntries(checker, receiver.symbol)?.find(([key]) => key === name)?.[1];
  if (constantName !== undefined) return constant(constantName);
  if (target === undefined) return unknown(`'${receiver.symbol.name}' exports no '${name}'`, node);
  return interpreter.symbolValue(target, interpreter.moduleScope(interpreter.file), node);
}

function globalMember(receiver: string, name: string, node: ts.Node): Value {
  if (receiver === "process.env") return environmentVariable(name, node);
  if (receiver === "Number" && name === "MAX_SAFE_INTEGER") return constant(Number.MAX_SAFE_INTEGER);
  if (receiver === "Math" && name === "PI") return constant(Math.PI);
  const global = { type: "global", name: `${receiver}.${name}` } as const;
  return READ_ONCE.has(global.name) ? (callVolatile(global, node) ?? global) : global;
}

/** Globals that are not called and are another in each process. */
const READ_ONCE: ReadonlySet<string> = new Set(["process.argv", "process.pid", "process.platform"]);

function environmentVariable(name: string, node: ts.Node): Value {
  const made = unknown(`the environment variable '${name}' is not known before a run`, node);
  return { ...made, volatile: { source: "environment", node } };
}
