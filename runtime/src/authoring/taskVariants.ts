import { VARIANT_OPTIONS } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { runBashCommand } from "./bashCommand.js";
import type { Control, TaskDeclaration } from "./declaration.js";
import { registry } from "./registry.js";
import { describe } from "./values.js";

type Body = (inputs: never, context: never) => unknown;

/** Names of the functions that make task functions. */
export type TaskKind =
  "task" | "task.branch" | "task.short_circuit" | "task.sensor" | "task.bash" | "setup" | "teardown";

/** Tells the options of the variant from those that every task takes. */
export function splitOptions(
  kind: TaskKind,
  options: Readonly<Record<string, unknown>>,
): {
  readonly common: Readonly<Record<string, unknown>>;
  readonly own: Readonly<Record<string, unknown>>;
} {
  const isOwn = ([name]: readonly [string, unknown]): boolean => VARIANT_OPTIONS[kind]?.includes(name) === true;
  const entries = Object.entries(options);
  return {
    common: Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
    own: Object.fromEntries(entries.filter(isOwn)),
  };
}

/** How the result of such a task decides what is skipped. */
export function controlOf(
  kind: TaskKind,
  { ignore_downstream_trigger_rules = true }: Readonly<Record<string, unknown>>,
  at: SourcePoint | undefined,
): Control | null {
  if (kind === "task.branch") return Object.freeze({ type: "branch" });
  if (kind !== "task.short_circuit") return null;
  if (typeof ignore_downstream_trigger_rules === "boolean") {
    return Object.freeze({ type: "short_circuit", ignore_downstream_trigger_rules });
  }
  throw new AuthoringError("invalid-argument", "'ignore_downstream_trigger_rules' must be true or false.", at);
}

/** What makes such a task a setup or teardown. */
export function roleOf(
  kind: TaskKind,
  { on_failure_fail_dagrun = false }: Readonly<Record<string, unknown>>,
  at: SourcePoint | undefined,
): Pick<TaskDeclaration, "role" | "on_failure_fail_dagrun"> {
  if (typeof on_failure_fail_dagrun !== "boolean") {
    throw new AuthoringError("invalid-argument", "'on_failure_fail_dagrun' must be true or false.", at);
  }
  return { role: kind === "setup" || kind === "teardown" ? kind : null, on_failure_fail_dagrun };
}

/** What an instance of such a task runs. */
export function executableOf(kind: TaskKind, fn: Body): Body {
  if (kind !== "task.bash") return fn;
  return async (inputs, context) => runBashCommand({ bash_command: readCommand(await fn(inputs, context)) });
}

function readCommand(command: unknown): string {
  if (typeof command !== "string" || command.trim() === "") {
    const message = `The function of a task.bash must return a command, not ${describe(command)}.`;
    throw new AuthoringError("invalid-argument", message, undefined);
  }
  // As Airflow: the command is a template field that gets its value here.
  const rendered = registry().render?.(command, [".sh", ".bash"]) ?? command;
  return typeof rendered === "string" ? rendered : JSON.stringify(rendered);
}
