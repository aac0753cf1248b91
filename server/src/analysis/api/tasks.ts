import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { parameterNames } from "../parameters.js";
import { nameOfFunction } from "../symbols.js";
import type { Arguments, TaskFunctionValue, TaskHandle, Value, XComValue } from "../value.js";
import { NO_ARGUMENTS, argumentsOf, mergeArguments, unknown } from "../values.js";
import { type MappedCall, type TaskCall, declareTask } from "./declareTask.js";

/** `task(fn)`, `task({ … }, fn)`, `task.branch(…)`, `setup(…)`, … */
export function defineTask(_interpreter: Interpreter, flavour: string, args: readonly Value[], site: ts.Node): Value {
  const [first, second] = args;
  const body = second ?? first;
  const options = second === undefined ? NO_ARGUMENTS : argumentsOf(first);
  if (body === undefined) return unknown("task() is given no function", site);
  const fn = body.type === "function" ? body.node : undefined;
  return { type: "task-function", flavour, definition: site, fn, options };
}

/** `add.override({ … })`. */
export function overrideTask(task: TaskFunctionValue, options: Value | undefined): TaskFunctionValue {
  return { ...task, options: mergeArguments(task.options, argumentsOf(options)) };
}

/** `add({ x: 1 })`. */
export function createTask(
  interpreter: Interpreter,
  task: TaskFunctionValue,
  inputs: Value | undefined,
  site: ts.Node,
): XComValue {
  return declareFunctionTask(interpreter, task, argumentsOf(inputs), null, site);
}

export function declareFunctionTask(
  interpreter: Interpreter,
  task: TaskFunctionValue,
  inputs: Arguments,
  mapped: MappedCall | null,
  site: ts.Node,
): XComValue {
  const { fn, definition, options } = task;
  const name = nameOfTask(task);
  const call = {
    ...({ kind: "task", operator: "task", definition, options, inputs, mapped, fn } as const),
    defaultId: name === undefined ? undefined : { text: name, node: nameNodeOf(fn) ?? definition },
    flavour: task.flavour,
    parameters: parameterNames(interpreter.checker, fn),
    role: roleOf(task),
  };
  return resultOf(declareTask(interpreter, call, site), mapped);
}

function roleOf({ flavour }: TaskFunctionValue): TaskCall["role"] {
  return flavour === "setup" || flavour === "teardown" ? flavour : null;
}

/** The id without regard to options; undefined where the function has no name. */
function nameOfTask({ fn }: TaskFunctionValue): string | undefined {
  return fn && nameOfFunction(fn);
}

function nameNodeOf(fn: ts.SignatureDeclaration | undefined): ts.Node | undefined {
  if (fn?.name !== undefined) return fn.name;
  const parent = fn?.parent;
  return parent !== undefined && ts.isVariableDeclaration(parent) ? parent.name : undefined;
}

/** The name for messages: the given id, else the function's name. */
export function displayName(task: TaskFunctionValue): string | undefined {
  const given = task.options.entries.get("task_id")?.value;
  return given?.type === "const" && typeof given.value === "string" ? given.value : nameOfTask(task);
}

/** The reference to what a task will return. */
export function resultOf(task: TaskHandle | undefined, mapped: MappedCall | null): XComValue {
  return { type: "xcom", form: "result", task, of: [], length: mapped === null ? undefined : countOf(mapped) };
}

/** How many instances a mapped task has, where that is known before a run. */
function countOf({ mapping }: MappedCall): number | undefined {
  let count = 1;
  for (const { source } of mapping.inputs) {
    if (source.type === "unresolved" || source.length === undefined) return undefined;
    count *= source.length;
  }
  return mapping.inputs.length === 0 ? undefined : count;
}
