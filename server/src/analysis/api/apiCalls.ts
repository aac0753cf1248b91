import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { GroupFunctionValue, OperatorClassValue, PartialValue, TaskFunctionValue, Value } from "../value.js";
import { NO_ARGUMENTS, argumentsOf, mergeArguments, unknown } from "../values.js";
import { callDag } from "./dags.js";
import { callChain, link } from "./dependencies.js";
import { defineGroup, followGroup, overrideGroup } from "./groups.js";
import { type MappingKind, makePartial, readMapping } from "./mapping.js";
import { callMark } from "./marks.js";
import { declareOperator } from "./operators.js";
import { callDependencyMethod, derive } from "./references.js";
import { declareFunctionTask, defineTask, displayName, overrideTask } from "./tasks.js";

type ApiFunction = (interpreter: Interpreter, args: readonly Value[], site: ts.Node, name: string) => Value;

const define: ApiFunction = (interpreter, args, site, name) => defineTask(interpreter, name, args, site);

/** The functions that `fanout` exports, by the names it exports them by. */
const FUNCTIONS: Readonly<Record<string, ApiFunction>> = {
  chain: callChain,
  cross_downstream: (interpreter, [from, to], site) =>
    from === undefined || to === undefined ? unknown("two lists are needed", site) : link(interpreter, from, to, site),
  dag: callDag,
  setup: define,
  task: define,
  "task.bash": define,
  "task.branch": define,
  "task.sensor": define,
  "task.short_circuit": define,
  teardown: define,
  task_group: (_interpreter, args, site) => defineGroup(args, site),
};

export function callApi(interpreter: Interpreter, name: string, args: readonly Value[], site: ts.Node): Value {
  const fn = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  return fn?.(interpreter, args, site, name) ?? unknown(`what '${name}' gives is not known before a run`, site);
}

/** Methods of the objects that the API gives. */
export function callApiMethod(
  interpreter: Interpreter,
  receiver: Value,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  switch (receiver.type) {
    case "task-function":
    case "operator-class":
    case "group-function":
      return callMappable(interpreter, receiver, name, args, site);
    case "partial":
      return callPartial(interpreter, receiver, name, args, site);
    case "xcom":
      return (
        callDependencyMethod(interpreter, receiver, name, args[0], site) ??
        callMark(interpreter, receiver, name, args[0], site) ??
        derive(interpreter, receiver, name, args, site)
      );
    default:
      return (
        callDependencyMethod(interpreter, receiver, name, args[0], site) ??
        callMark(interpreter, receiver, name, args[0], site) ??
        notCallable(name, site)
      );
  }
}

function notCallable(name: string, site: ts.Node): Value {
  return unknown(`'${name}' cannot be called here`, site);
}

type Mappable = TaskFunctionValue | OperatorClassValue | GroupFunctionValue;

function callMappable(
  interpreter: Interpreter,
  receiver: Mappable,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  if (name === "partial") {
    return makePartial(interpreter, receiver, argumentsOf(args[0]), undefined, nameOf(receiver), site);
  }
  if (name === "override" && receiver.type === "task-function") return overrideTask(receiver, args[0]);
  if (name === "override" && receiver.type === "group-function") return overrideGroup(receiver, args[0]);
  const kind = mappingKind(name);
  return kind === undefined ? notCallable(name, site) : expand(interpreter, receiver, undefined, kind, args[0], site);
}

function callPartial(
  interpreter: Interpreter,
  receiver: PartialValue,
  name: string,
  args: readonly Value[],
  site: ts.Node,
): Value {
  if (name === "partial") {
    interpreter.findings.usePartial(receiver);
    return makePartial(interpreter, receiver.of, argumentsOf(args[0]), receiver, nameOf(receiver.of), site);
  }
  const kind = mappingKind(name);
  return kind === undefined ? notCallable(name, site) : expand(interpreter, receiver.of, receiver, kind, args[0], site);
}

function mappingKind(name: string): MappingKind | undefined {
  return name === "expand" || name === "expand_kwargs" ? name : undefined;
}

function nameOf(target: Mappable): string | undefined {
  if (target.type === "task-function") return displayName(target);
  if (target.type === "operator-class") return target.name;
  const id = target.options.entries.get("group_id")?.value;
  return id?.type === "const" ? String(id.value) : undefined;
}

function expand(
  interpreter: Interpreter,
  target: Mappable,
  partial: PartialValue | undefined,
  kind: MappingKind,
  argument: Value | undefined,
  site: ts.Node,
): Value {
  const mapped = readMapping(interpreter, kind, argument, partial, site);
  const given = partial?.inputs ?? NO_ARGUMENTS;
  switch (target.type) {
    case "task-function":
      return declareFunctionTask(interpreter, target, given, mapped, site);
    case "operator-class":
      return declareOperator(interpreter, target, mergeArguments(NO_ARGUMENTS, given), mapped, site);
    case "group-function":
      return followGroup(interpreter, target, given, mapped, site);
  }
}
