import { registry } from "./registry.js";

const PREFIX = { connection: "AIRFLOW_CONN_", variable: "AIRFLOW_VAR_" } as const;

/**
 * What a connection or variable was set to: by a test, else by the environment, whose names are in upper case.
 * Undefined where it was not.
 */
export function readEnvironment(kind: "connection" | "variable", name: string): unknown {
  const given = registry().given?.[`${kind}s`];
  if (given !== undefined && Object.hasOwn(given, name)) return given[name];
  return process.env[`${PREFIX[kind]}${name.toUpperCase()}`];
}
