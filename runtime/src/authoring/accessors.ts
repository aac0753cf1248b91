import { findConnection } from "./connection.js";
import type { Connection } from "./connection.js";
import { AuthoringError } from "./authoringError.js";
import type { ConnectionAccessor, VariableAccessor } from "./types/context.js";
import { findVariable } from "./variable.js";

/** `conn` of the context: each connection is read when it is asked for. */
export const connections: ConnectionAccessor = accessor((conn_id, caller) => findConnection(conn_id, caller), {
  get: (conn_id: string, byDefault?: unknown) => orDefault(() => findConnection(conn_id, orDefault), byDefault),
}) as Readonly<Record<string, Connection>>;

/** `var` of the context. */
export const variables = Object.freeze({ value: variableAccessor(false), json: variableAccessor(true) });

function variableAccessor(deserialize_json: boolean): VariableAccessor {
  const get = (key: string, ...byDefault: readonly unknown[]): unknown =>
    findVariable(key, { deserialize_json, ...(byDefault.length > 0 && { default: byDefault[0] }) }, get);
  return accessor((key, caller) => findVariable(key, { deserialize_json }, caller), { get }) as VariableAccessor;
}

type Find = (name: string, caller: (...args: never) => unknown) => unknown;

/** Whoever prints or awaits it, or turns it to JSON, asks for none. */
const ASKED_BY_JAVASCRIPT: ReadonlySet<string> = new Set(["then", "toJSON", "constructor", "inspect"]);

function accessor(find: Find, methods: Readonly<Record<string, unknown>>): unknown {
  const get = (_: object, name: string | symbol): unknown => {
    if (typeof name === "symbol" || ASKED_BY_JAVASCRIPT.has(name)) return undefined;
    return Object.hasOwn(methods, name) ? methods[name] : find(name, get);
  };
  return new Proxy(Object.freeze({}), { get });
}

function orDefault(find: () => unknown, byDefault: unknown): unknown {
  try {
    return find();
  } catch (thrown) {
    if (byDefault !== undefined && AuthoringError.is(thrown) && thrown.code === "missing-connection") return byDefault;
    throw thrown;
  }
}
