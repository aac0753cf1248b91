import { execFile } from "node:child_process";
import { promisify } from "node:util";

/** The oldest Node that can run DAGs. */
const OLDEST = { major: 20, minor: 19 };

/** How to start a Node process, and where that Node was found. */
interface NodeRuntime {
  readonly command: string;
  /** Added to the process's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  readonly source: "setting" | "path" | "host";
}

export type NodeChoice =
  { readonly ok: true; readonly runtime: NodeRuntime } | { readonly ok: false; readonly message: string };

export interface NodeLookup {
  /** The setting `fanout.nodePath`; empty where it is not set. */
  readonly nodePath: string;
  /** The executable and version of the process that asks: VS Code's extension host. */
  readonly host: { readonly execPath: string; readonly version: string };
  /** Runs `command --version`; null where there is no such command. */
  readonly versionOf: (command: string) => Promise<string | null>;
}

/**
 * Which Node runs DAGs: the setting, else `node` on PATH where it is new enough, else VS Code's own. A setting that
 * does not work is an error rather than a reason to take another: the person asked for that one.
 */
export async function chooseNode(lookup: NodeLookup): Promise<NodeChoice> {
  if (lookup.nodePath !== "") return fromSetting(lookup);
  const onPath = await lookup.versionOf("node");
  if (onPath !== null && isNewEnough(onPath)) {
    return { ok: true, runtime: { command: "node", env: {}, version: onPath, source: "path" } };
  }
  const { execPath, version } = lookup.host;
  if (isNewEnough(version)) {
    const env = { ELECTRON_RUN_AS_NODE: "1" };
    return { ok: true, runtime: { command: execPath, env, version, source: "host" } };
  }
  const found = onPath === null ? "there is no 'node' on the PATH" : `'node' on the PATH is ${onPath}`;
  return refusal(`Running DAGs needs Node ${oldest()} or newer, but ${found}: install it or set 'fanout.nodePath'.`);
}

/** The version that an executable reports, such as `v20.20.2`, or null where it cannot be started. */
export async function versionOf(command: string): Promise<string | null> {
  try {
    const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
    const { stdout } = await promisify(execFile)(command, ["--version"], { timeout: 10_000, env });
    return stdout.trim();
  } catch {
    return null;
  }
}

async function fromSetting({ nodePath, versionOf: ask }: NodeLookup): Promise<NodeChoice> {
  const version = await ask(nodePath);
  if (version === null) return refusal(`'fanout.nodePath' is '${nodePath}', which cannot be started as Node.`);
  if (!isNewEnough(version)) {
    return refusal(`'fanout.nodePath' is Node ${version}; running DAGs needs ${oldest()} or newer.`);
  }
  return {
    ok: true,
    runtime: { command: nodePath, env: { ELECTRON_RUN_AS_NODE: "1" }, version, source: "setting" },
  };
}

function refusal(message: string): NodeChoice {
  return { ok: false, message };
}

function isNewEnough(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return false;
  return Number(major) > OLDEST.major || (Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor);
}

function oldest(): string {
  return `${OLDEST.major}.${OLDEST.minor}`;
}
