import { AuthoringError } from "./authoringError.js";
import { callerOf } from "./sourcePoint.js";
import type { TaskGroupBody, TaskGroupFunction, TaskGroupOptions } from "./types/taskGroup.js";

/**
 * Makes a group of tasks of a function, to be called or expanded in a `dag()` body: Airflow's `@task_group`. Its body
 * gets references, whatever the plain types of its inputs. Not built yet: calling the group is refused.
 */
export function task_group<I extends object = Record<never, never>, R = void>(
  options: TaskGroupOptions,
  body: TaskGroupBody<I, R>,
): TaskGroupFunction<I, R> {
  if (typeof body !== "function") {
    const message = "task_group() takes an object of options and a function.";
    throw new AuthoringError("invalid-argument", message, callerOf(task_group));
  }
  const refuse = (): never => {
    const message = `Task groups such as '${options.group_id}' cannot be run yet: call their tasks one by one.`;
    throw new AuthoringError("not-supported-yet", message, callerOf(refuse));
  };
  return Object.assign(refuse, { expand: refuse, expand_kwargs: refuse, partial: refuse, override: refuse }) as never;
}
