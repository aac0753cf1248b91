import { TASK_OPTIONS } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import type { DagBuilder } from "./dagBuilder.js";
import type { CallbackFunction, TaskCallbacks } from "./declaration.js";
import { readPolicy } from "./readPolicy.js";

/** What the engine needs to know of a task's options. */
export type EngineOptions = ReturnType<typeof readPolicy> & {
  readonly callbacks: TaskCallbacks;
  readonly map_index_template: string | null;
};

type RawOptions = Readonly<Record<string, unknown>>;

/** Dates in `default_args` are the DAG's, as Airflow reads them too. */
const DATES: ReadonlySet<string> = new Set(["start_date", "end_date"]);

/** Checks a task's own options and the DAG's `default_args`. */
export function readOptions(builder: DagBuilder, own: RawOptions, at: SourcePoint | undefined): EngineOptions {
  for (const name of Object.keys(own)) checkName(name, at);
  const options = { ...withoutDates(builder.groups.defaultArgs), ...withoutUndefined(own) };
  const { map_index_template = null } = options;
  if (map_index_template !== null && typeof map_index_template !== "string") {
    throw new AuthoringError("invalid-argument", "'map_index_template' must be a text.", at);
  }
  return { ...readPolicy(options, at), callbacks: readTaskCallbacks(options, at), map_index_template };
}

function readTaskCallbacks(options: RawOptions, at: SourcePoint | undefined): TaskCallbacks {
  return Object.freeze({
    on_execute: readCallbacks(options, "on_execute_callback", at),
    on_failure: readCallbacks(options, "on_failure_callback", at),
    on_success: readCallbacks(options, "on_success_callback", at),
    on_retry: readCallbacks(options, "on_retry_callback", at),
    on_skipped: readCallbacks(options, "on_skipped_callback", at),
  });
}

/** One function or a list of them. */
export function readCallbacks(
  options: RawOptions,
  name: string,
  at: SourcePoint | undefined,
): readonly CallbackFunction[] {
  const given = options[name] ?? [];
  const list: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (list.every((one) => typeof one === "function")) return Object.freeze([...list] as CallbackFunction[]);
  throw new AuthoringError("invalid-argument", `'${name}' must be a function or a list of functions.`, at);
}

/** Throws `invalid-argument` for `default_args` that no operator takes. */
export function checkDefaultArgs(defaultArgs: RawOptions, at: SourcePoint | undefined): void {
  for (const name of Object.keys(defaultArgs)) {
    checkName(name, at);
    if (name === "task_id") {
      throw new AuthoringError("invalid-argument", "'task_id' cannot stand in 'default_args': ids are unique.", at);
    }
  }
}

function checkName(name: string, at: SourcePoint | undefined): void {
  if (TASK_OPTIONS.has(name)) return;
  throw new AuthoringError("invalid-argument", `'${name}' is no option of a task.`, at);
}

function withoutDates(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !DATES.has(name)));
}

function withoutUndefined(options: RawOptions): RawOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
