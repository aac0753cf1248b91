import { GROUP_OPTIONS } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { GROUP_FUNCTION, isDict } from "./brand.js";
import type { MappingDeclaration } from "./declaration.js";
import { type Mappable, makeExpanders, makePartial } from "./expanders.js";
import { type GroupDefinition, followGroup } from "./followGroup.js";
import { checkId } from "./id.js";
import { readInputs, unknownParameter } from "./mapping.js";
import { parametersOf } from "./parameters.js";
import { callerOf } from "./sourcePoint.js";
import { checkDefaultArgs } from "./taskOptions.js";
import type { TaskGroupBody, TaskGroupFunction, TaskGroupOptions } from "./types/taskGroup.js";

type Values = Readonly<Record<string, unknown>>;

const OPTIONS: ReadonlySet<string> = new Set(GROUP_OPTIONS);

/**
 * Makes a group of tasks of a function, to be called in a `dag()` body: Airflow's `@task_group`. The ids of its tasks
 * begin with the group's, and where a group stands in `chain`, its first tasks wait and its last ones are waited for.
 *
 * ```ts
 * const clean = task_group({ group_id: "clean" }, ({ rows }: { rows: XComArg<Row[]> }) => normalise({ rows: drop({ rows }) }));
 * ```
 *
 * Its body gets what it is called with, and what it returns is what the call returns. `expand` and `expand_kwargs` map
 * the whole group: the body runs once, with a reference to what each instance will get for every input that is mapped,
 * and then each instance goes through all tasks of the group by itself.
 *
 * ```ts
 * const pages = clean.expand({ rows: chunks() }); // one instance of the group for each chunk
 * report({ pages }); // gets the results of all of them
 * ```
 */
export function task_group<I extends object = Record<never, never>, R = void>(
  options: TaskGroupOptions,
  body: TaskGroupBody<I, R>,
): TaskGroupFunction<I, R> {
  const at = callerOf(task_group);
  if (typeof body !== "function" || !isDict(options)) {
    throw new AuthoringError("invalid-argument", "task_group() takes an object of options and a function.", at);
  }
  checkOptions(options, at);
  return makeGroupFunction({ options, body, parameters: parametersOf(body) }) as TaskGroupFunction<I, R>;
}

function makeGroupFunction(definition: GroupDefinition): unknown {
  const { options } = definition;
  const call = (inputs?: unknown): unknown => {
    const at = callerOf(call);
    return followGroup(definition, readGiven(definition, "", inputs, at), null, at);
  };
  const partial = (inputs?: unknown): unknown => {
    const at = callerOf(partial);
    return makePartial(mappable(definition, readGiven(definition, ".partial", inputs, at)), at);
  };
  const override = (other: Partial<TaskGroupOptions>): unknown => {
    const merged = { ...options, ...other };
    checkOptions(merged, callerOf(override));
    return makeGroupFunction({ ...definition, options: merged });
  };
  Object.defineProperty(call, "name", { value: options.group_id });
  Object.defineProperty(call, GROUP_FUNCTION, { value: true });
  return Object.assign(call, makeExpanders(mappable(definition, {})), { partial, override });
}

function mappable(definition: GroupDefinition, given: Values): Mappable<unknown> {
  const { options, parameters } = definition;
  return {
    target: {
      what: "task group",
      name: options.group_id,
      given: new Set(Object.keys(given)),
      takes: (name) => parameters?.has(name),
    },
    make: (mapping: MappingDeclaration, at) => followGroup(definition, given, mapping, at),
  };
}

function readGiven(
  { options, parameters }: GroupDefinition,
  method: string,
  inputs: unknown,
  at: SourcePoint | undefined,
): Values {
  const given = readInputs(`${options.group_id}${method}()`, inputs, at);
  const unknown = Object.keys(given).find((name) => parameters?.has(name) === false);
  if (unknown === undefined) return given;
  const message = unknownParameter({ what: "task group", name: options.group_id }, unknown);
  throw new AuthoringError("unknown-parameter", message, at);
}

function checkOptions(options: TaskGroupOptions, at: SourcePoint | undefined): void {
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined) {
    throw new AuthoringError("invalid-argument", `'${unknown}' is no option of task_group().`, at);
  }
  const { group_id, default_args = {}, prefix_group_id = true } = options;
  checkId("group_id", group_id, at);
  if (!isDict(default_args)) throw new AuthoringError("invalid-argument", "'default_args' must be an object.", at);
  checkDefaultArgs(default_args, at);
  if (typeof prefix_group_id === "boolean") return;
  throw new AuthoringError("invalid-argument", "'prefix_group_id' must be true or false.", at);
}
