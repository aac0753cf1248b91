import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { HANDLE, type Handle, isDict } from "./brand.js";
import { currentBuilder } from "./declareTask.js";
import { linkDownstream, linkUpstream } from "./dependencies.js";
import { checkId } from "./id.js";
import { readInputs } from "./mapping.js";
import { parametersOf } from "./parameters.js";
import { refusePromise } from "./refusePromise.js";
import { callerOf, callerOfMethod } from "./sourcePoint.js";
import { checkDefaultArgs } from "./taskOptions.js";
import type { TaskGroupBody, TaskGroupFunction, TaskGroupOptions } from "./types/taskGroup.js";

type Values = Readonly<Record<string, unknown>>;

/** What `task_group()` was given. */
interface Definition {
  readonly options: TaskGroupOptions;
  readonly body: (inputs: never) => unknown;
}

const OPTIONS: ReadonlySet<string> = new Set(["group_id", "default_args", "tooltip", "prefix_group_id"]);

/**
 * Makes a group of tasks of a function, to be called in a `dag()` body: Airflow's `@task_group`. The ids of its tasks
 * begin with the group's, and where a group stands in `chain`, its first tasks wait and its last ones are waited for.
 *
 * ```ts
 * const clean = task_group({ group_id: "clean" }, ({ rows }: { rows: XComArg<Row[]> }) => normalise({ rows: drop({ rows }) }));
 * ```
 *
 * Its body gets what it is called with, and what it returns is what the call returns. Mapping a group is not built yet.
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
  return makeGroupFunction({ options, body }) as TaskGroupFunction<I, R>;
}

function makeGroupFunction(definition: Definition): unknown {
  const { options } = definition;
  const call = (inputs?: unknown): unknown => {
    const at = callerOf(call);
    return follow(definition, readGiven(definition, inputs, at), at);
  };
  const refuse = (): never => {
    const message = `Mapped task groups are not built yet: call '${options.group_id}' with its inputs.`;
    throw new AuthoringError("not-supported-yet", message, callerOf(refuse));
  };
  const override = (other: Partial<TaskGroupOptions>): unknown => {
    const merged = { ...options, ...other };
    checkOptions(merged, callerOf(override));
    return makeGroupFunction({ ...definition, options: merged });
  };
  Object.defineProperty(call, "name", { value: options.group_id });
  return Object.assign(call, { expand: refuse, expand_kwargs: refuse, partial: refuse, override });
}

/** Makes what stands in the body, inside of the group. */
function follow({ options, body }: Definition, inputs: Values, at: SourcePoint | undefined): unknown {
  const { group_id: own, prefix_group_id = true, default_args = {} } = options;
  const builder = currentBuilder(`The task group '${own}'`, at);
  const group_id = builder.openGroup({ group_id: own, prefix_group_id, default_args: { ...default_args }, at });
  try {
    const returned = body(inputs as never);
    refusePromise(returned, "a task_group()", at);
    return returned ?? new GroupHandle(Object.freeze({ builder, task_ids: Object.freeze([]), group_id }));
  } finally {
    builder.closeGroup();
  }
}

function readGiven({ options, body }: Definition, inputs: unknown, at: SourcePoint | undefined): Values {
  const given = readInputs(`${options.group_id}()`, inputs, at);
  const parameters = parametersOf(body);
  const unknown = Object.keys(given).find((name) => parameters?.has(name) === false);
  if (unknown === undefined) return given;
  const message = `The task group '${options.group_id}' has no parameter '${unknown}'.`;
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

/** What stands for a whole group in `chain` and its kin. */
class GroupHandle {
  readonly group_id: string;

  constructor(handle: Handle) {
    this.group_id = handle.group_id ?? "";
    Object.defineProperty(this, HANDLE, { value: handle });
    Object.freeze(this);
  }

  set_downstream(other: unknown): void {
    linkDownstream(this, other, callerOfMethod(this, "set_downstream"));
  }

  set_upstream(other: unknown): void {
    linkUpstream(this, other, callerOfMethod(this, "set_upstream"));
  }
}
