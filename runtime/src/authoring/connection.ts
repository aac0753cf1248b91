import { AuthoringError } from "./authoringError.js";
import { readEnvironment } from "./environment.js";
import { keepSecret, keepSecretsOf } from "./secrets.js";
import { type Boundary, callerOf } from "./sourcePoint.js";
import type { SourcePoint } from "#core/model/source.js";

/** What a connection is made of; every part may be missing. */
export interface ConnectionParts {
  /** What kind of system it leads to, such as `postgres`. */
  readonly conn_type?: string | null;
  /** For people. */
  readonly description?: string | null;
  /** Name or address of the machine, with a protocol where the connection's URI has one of its own. */
  readonly host?: string | null;
  /** User name. */
  readonly login?: string | null;
  /** Masked in logs. */
  readonly password?: string | null;
  /** The database, or what corresponds to it. */
  readonly schema?: string | null;
  /** From 0 to 65535. */
  readonly port?: number | null;
  /** Whatever else is known: JSON as a text, or the dict itself. */
  readonly extra?: string | Readonly<Record<string, unknown>> | null;
}

/** The way to an external system: Airflow's `Connection`, with Airflow's fields. What a connection lacks is null. */
export class Connection {
  /** Its id. */
  readonly conn_id: string;
  /** What kind of system it leads to, such as `postgres`. */
  readonly conn_type: string | null;
  /** For people. */
  readonly description: string | null;
  /** Name or address of the machine. */
  readonly host: string | null;
  /** User name. */
  readonly login: string | null;
  /** Masked in logs. */
  readonly password: string | null;
  /** The database, or what corresponds to it. */
  readonly schema: string | null;
  /** From 0 to 65535. */
  readonly port: number | null;
  /** JSON as a text; masked in logs. */
  readonly extra: string | null;

  constructor(conn_id: string, parts: ConnectionParts = {}) {
    const { conn_type, description, host, login, password, schema, port, extra } = parts;
    this.conn_id = conn_id;
    this.conn_type = conn_type === null || conn_type === undefined ? null : normalizeType(conn_type);
    this.description = description ?? null;
    this.host = host ?? null;
    this.login = login ?? null;
    this.password = password ?? null;
    this.schema = schema ?? null;
    this.port = port ?? null;
    this.extra = typeof extra === "object" && extra !== null ? JSON.stringify(extra) : (extra ?? null);
  }

  /** `extra` as a dict; empty where there is none, or where it is no JSON. */
  get extra_dejson(): Readonly<Record<string, unknown>> {
    try {
      const value: unknown = JSON.parse(this.extra ?? "{}");
      return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
    } catch {
      return {};
    }
  }

  /** The connection as one text, as `AIRFLOW_CONN_…` takes it. It holds the password. */
  get_uri(): string {
    const type = this.conn_type === null ? "" : `${this.conn_type.toLowerCase().replaceAll("_", "-")}:`;
    const [, protocol = "", host = ""] = /^(?:(.+?):\/\/)?(.*)$/s.exec(this.host ?? "") ?? [];
    const inner = protocol === "" || protocol === this.conn_type ? "" : `${protocol}://`;
    const password = this.password === null ? "" : `:${quote(this.password)}`;
    const user = `${quote(this.login ?? "")}${password}`;
    const at = user === "" && !(host === "" && this.port !== null) ? "" : `${user}@`;
    const port = this.port === null ? "" : `:${String(this.port)}`;
    const schema = this.schema ? `/${quote(this.schema)}` : "";
    const query = this.extra ? `${schema === "" ? "/" : ""}?${this.#query(this.extra)}` : "";
    return `${type}//${inner}${at}${quote(host)}${port}${schema}${query}`;
  }

  #query(extra: string): string {
    const entries = Object.entries(this.extra_dejson);
    const isFlat = entries.length > 0 && entries.every(([, value]) => typeof value === "string");
    return new URLSearchParams(isFlat ? (entries as [string, string][]) : [["__extra__", extra]]).toString();
  }
}

/**
 * The connection of this id, read as Airflow reads it from `AIRFLOW_CONN_<ID>`: a URI or JSON. Its password, its
 * `extra` and what has a sensitive name in it are masked in logs from then on.
 * Throws `missing-connection` where there is none, `invalid-argument` where it cannot be read.
 */
export function get_connection(conn_id: string): Connection {
  return findConnection(conn_id, get_connection);
}

export function findConnection(conn_id: string, caller: Boundary): Connection {
  const at = callerOf(caller);
  const given = readEnvironment("connection", conn_id);
  if (given === undefined) {
    const message = `There is no connection '${conn_id}': set ${`AIRFLOW_CONN_${conn_id}`.toUpperCase()} to a URI or to JSON.`;
    throw new AuthoringError("missing-connection", message, at);
  }
  const connection = readConnection(conn_id, given, at);
  keepSecret(connection.password);
  keepSecret(connection.extra);
  keepSecretsOf(connection.extra_dejson);
  return connection;
}

function readConnection(conn_id: string, given: unknown, at: SourcePoint | undefined): Connection {
  if (given instanceof Connection) return given;
  if (typeof given === "object" && given !== null) return new Connection(conn_id, given);
  const text = String(given).trim();
  const parts = text.startsWith("{") ? readJson(text) : readUri(text);
  if (parts !== undefined) return new Connection(conn_id, parts);
  throw new AuthoringError("invalid-argument", `The connection '${conn_id}' is neither a URI nor JSON.`, at);
}

function readJson(text: string): ConnectionParts | undefined {
  try {
    const parts = JSON.parse(text) as Omit<ConnectionParts, "port"> & { readonly port?: number | string | null };
    const port = (parts.port ?? "") === "" ? null : Number(parts.port);
    return port !== null && !isPort(port) ? undefined : { ...parts, port };
  } catch {
    return undefined;
  }
}

/** `type://login:password@host:port/schema?extra`; the host may bring a protocol of its own: `type://https://host`. */
const URI =
  /^(?:([^:/?#]*):)?\/\/(?:([^:/?#]+):\/\/)?(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^:/?#]*)(?::(\d*))?(?:\/([^?#]*))?(?:\?([^#]*))?/;

function readUri(text: string): ConnectionParts | undefined {
  const found = URI.exec(text);
  if (found === null) return undefined;
  const [whole, conn_type, protocol, login, password, host, port, schema, query] = found;
  if (whole.length !== text.length || (port && !isPort(Number(port)))) return undefined;
  try {
    const name = host === undefined || host === "" ? null : decodeURIComponent(host);
    return {
      conn_type: conn_type ?? "",
      host: protocol === undefined ? (name ?? "") : `${protocol}://${name ?? ""}`,
      login: decode(login),
      password: decode(password),
      schema: decode(schema) ?? "",
      port: port ? Number(port) : null,
      extra: query ? readQuery(query) : null,
    };
  } catch {
    return undefined;
  }
}

function readQuery(query: string): string {
  const values = Object.fromEntries(new URLSearchParams(query));
  return values["__extra__"] ?? JSON.stringify(values);
}

function decode(text: string | undefined): string | null {
  return text === undefined ? null : decodeURIComponent(text);
}

function quote(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 0 && port <= 65_535;
}

/** As Airflow: `postgresql` is an older name of `postgres`, and URIs cannot hold an underscore there. */
function normalizeType(type: string): string {
  return type === "postgresql" ? "postgres" : type.replaceAll("-", "_");
}
