import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { TASK, isGroupFunction, isTask } from "./brand.js";
import type { MappingDeclaration } from "./declaration.js";
import { declareTask } from "./declareTask.js";
import { type Mappable, makeExpanders, makePartial } from "./expanders.js";
import { readInputs, unknownParameter } from "./mapping.js";
import { parametersOf } from "./parameters.js";
import { readSensorPolicy } from "./sensor.js";
import { groupMarked } from "./setupTeardown.js";
import { type Boundary, callerOf } from "./sourcePoint.js";
import type { TaskOptions, TeardownOptions } from "./types/options.js";
import type { TaskDecorator, TaskVariant } from "./types/task.js";
import { type TaskKind, controlOf, executableOf, roleOf, splitOptions } from "./taskVariants.js";
import { type ResultReference, resultOf } from "./xcomArg.js";

type Body = (inputs: never, context: never) => unknown;
type Values = Readonly<Record<string, unknown>>;

/** What `task()` was given. */
interface Definition {
  readonly fn: Body;
  readonly options: TaskOptions;
  /** `task`, or the variant's name, such as `task.branch`. */
  readonly kind: TaskKind;
  readonly parameters: ReadonlySet<string> | undefined;
}

function defineTask(kind: TaskKind, first: unknown, second: unknown, boundary: Boundary): unknown {
  const [options, fn] = typeof first === "function" ? [{}, first] : [first, second];
  if (typeof fn !== "function" || typeof options !== "object" || options === null) {
    const message = `${kind}() takes a function, or an object of options and a function.`;
    throw new AuthoringError("invalid-argument", message, callerOf(boundary));
  }
  if (isGroupFunction(fn)) throw groupMarked(callerOf(boundary));
  if (isTask(fn)) {
    const message = `${kind}() takes a plain function, not a task: call as_setup() or as_teardown() on what the task gives.`;
    throw new AuthoringError("invalid-argument", message, callerOf(boundary));
  }
  const body = fn as Body;
  return makeTaskFunction({ fn: body, options, kind, parameters: parametersOf(body) });
}

function makeTaskFunction(definition: Definition): unknown {
  const call = (inputs?: unknown): ResultReference => {
    const at = callerOf(call);
    return declare(definition, readGiven(definition, "", inputs, at), null, at);
  };
  const partial = (inputs?: unknown): unknown => {
    const at = callerOf(partial);
    return makePartial(mappable(definition, readGiven(definition, ".partial", inputs, at)), at);
  };
  const override = (options: TaskOptions): unknown =>
    makeTaskFunction({ ...definition, options: { ...definition.options, ...options } });
  Object.defineProperty(call, "name", { value: nameOf(definition) });
  Object.defineProperty(call, TASK, { value: true });
  return Object.assign(call, makeExpanders(mappable(definition, {})), { partial, override, function: definition.fn });
}

function readGiven(definition: Definition, method: string, inputs: unknown, at: SourcePoint | undefined): Values {
  const name = nameOf(definition);
  const given = readInputs(`${name}${method}()`, inputs, at);
  const unknown = Object.keys(given).find((key) => definition.parameters?.has(key) === false);
  if (unknown === undefined) return given;
  throw new AuthoringError("unknown-parameter", unknownParameter({ what: "task", name }, unknown), at);
}

function mappable(definition: Definition, given: Values): Mappable<ResultReference> {
  return {
    target: {
      what: "task",
      name: nameOf(definition),
      given: new Set(Object.keys(given)),
      takes: (name) => takes(definition, name),
    },
    make: (mapping, at) => declare(definition, given, mapping, at),
  };
}

/**
 * A function may take an input of the same name as an option, unless the task sets that option, as it always does with
 * its id. Where it takes its inputs as one object, an input of such a name must at least occur in its text.
 */
function takes({ fn, options, parameters }: Definition, name: string): boolean | undefined {
  if (name === "task_id" || Object.hasOwn(options, name)) return false;
  if (parameters !== undefined) return parameters.has(name);
  const isMentioned = String(fn).includes(name);
  return isBaseOperatorArgument(name) && !isMentioned ? false : undefined;
}

function declare(
  definition: Definition,
  inputs: Values,
  mapping: MappingDeclaration | null,
  at: SourcePoint | undefined,
): ResultReference {
  const { fn, kind } = definition;
  const { common, own } = splitOptions(kind, { ...definition.options });
  const { task_id = fn.name, params, ...options } = common as TaskOptions;
  if (task_id === "") {
    const message = `The task has no name: write task({ task_id: "…" }, fn), or give its function a name.`;
    throw new AuthoringError("missing-task-id", message, at);
  }
  const control = controlOf(kind, own, at);
  const execute = executableOf(kind, fn);
  const handle = declareTask({
    operator: "task",
    task_id,
    makeUnique: true,
    options: { ...options },
    params,
    inputs,
    mapping,
    control,
    ...roleOf(kind, own, at),
    sensor: kind === "task.sensor" ? readSensorPolicy(own, at) : null,
    templateFields: null,
    templateExtensions: [],
    takes: (name) => takes(definition, name),
    execute: (values, context, around) => {
      const body = (): unknown => execute(values as never, context as never);
      return around === undefined ? body() : around(body);
    },
    at,
  });
  return resultOf(handle);
}

function nameOf({ fn, kind, options }: Definition): string {
  return options.task_id ?? (fn.name === "" ? kind : fn.name);
}

/** Makes one of the functions that make task functions. */
function decorator(kind: TaskKind): (first: unknown, second?: unknown) => unknown {
  const make = (first: unknown, second?: unknown): unknown => defineTask(kind, first, second, make);
  return make;
}

/**
 * Makes a task of a function. The function gets one object of named inputs and, second, the context; what it returns,
 * or what its promise resolves to, is the task's result and must survive JSON.
 *
 * ```ts
 * const add = task({ task_id: "add", retries: 2 }, ({ x, y }: { x: number; y: number }) => x + y);
 * const total = task(function total({ values }: { values: readonly number[] }) { … });
 * ```
 */
export const task = Object.freeze(
  Object.assign(decorator("task"), {
    branch: decorator("task.branch"),
    short_circuit: decorator("task.short_circuit"),
    sensor: decorator("task.sensor"),
    bash: decorator("task.bash"),
  }),
) as unknown as TaskDecorator;

/**
 * Makes a task of a function, like `task`, that prepares what other tasks need: Airflow's `@setup`. Whatever runs after
 * it up to its teardown needs it, and where some of that is cleared, it runs again.
 *
 * ```ts
 * const create = setup(function create_cluster() { return start(); });
 * const remove = teardown(function delete_cluster({ id }: { id: string }) { return stop(id); });
 * const id = create();
 * chain(id, work({ id }), remove({ id }).as_teardown({ setups: id }));
 * ```
 */
export const setup = decorator("setup") as unknown as TaskVariant<unknown>;

/**
 * Makes a task of a function, like `task`, that cleans up after setups: Airflow's `@teardown`. It runs once everything
 * before it has ended, however it ended, if one of its setups succeeded; its `trigger_rule` cannot be chosen. Its failure
 * does not fail the run, unless `on_failure_fail_dagrun` says so, and what comes after a group does not wait for it.
 */
export const teardown = decorator("teardown") as unknown as TaskVariant<unknown, TeardownOptions>;
