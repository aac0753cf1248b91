import { AuthoringError } from "./authoringError.js";
import { readEnvironment } from "./environment.js";
import { isSensitive, keepSecret, keepSecretsOf } from "./secrets.js";
import { type Boundary, callerOf } from "./sourcePoint.js";

/** How a variable is read. */
export interface VariableOptions {
  /** What is given where there is no such variable; without it, that is an error. */
  readonly default?: unknown;
  /** The variable is JSON and is wanted as what it says. Default false: its text. */
  readonly deserialize_json?: boolean;
}

function get(key: string): string;
function get(key: string, options: VariableOptions): unknown;
function get(key: string, options: VariableOptions = {}): unknown {
  return findVariable(key, options, get);
}

/**
 * Variables, read as Airflow reads them from `AIRFLOW_VAR_<KEY>`. Those whose names say that they are secret, such as
 * `api_key` or `db_password`, are masked in logs.
 *
 * ```ts
 * const bucket = Variable.get("bucket");
 * const limits = Variable.get("limits", { deserialize_json: true, default: {} });
 * ```
 */
export const Variable = Object.freeze({
  /**
   * The variable of this key: its text, or what the JSON in it says.
   * Throws `missing-variable` where there is none and no default, `invalid-argument` where it is not the JSON it should be.
   */
  get,
});

export function findVariable(key: string, options: VariableOptions, caller: Boundary): unknown {
  const given = readEnvironment("variable", key);
  if (given === undefined) {
    if ("default" in options) return options.default;
    const message = `There is no variable '${key}': set ${`AIRFLOW_VAR_${key}`.toUpperCase()}, or give a default.`;
    throw new AuthoringError("missing-variable", message, callerOf(caller));
  }
  const text = typeof given === "string" ? given : JSON.stringify(given);
  if (isSensitive(key)) keepSecret(text);
  if (options.deserialize_json !== true) return text;
  const value = parse(key, text, caller);
  keepSecretsOf(value, isSensitive(key));
  return value;
}

function parse(key: string, text: string, caller: Boundary): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AuthoringError("invalid-argument", `The variable '${key}' is not JSON.`, callerOf(caller));
  }
}
