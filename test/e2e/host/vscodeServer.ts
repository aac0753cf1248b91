import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { host } from "./installHost.js";
import type { Profile } from "./profile.js";

export interface VscodeServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string;
  /** Everything the server printed so far. */
  log(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Asks whether the workspace is trusted, as a desktop does; without it every workspace is. */
  readonly workspaceTrust?: boolean;
  /** Lets the page start a test suite inside the extension host. The workbench then shows no notifications. */
  readonly suiteDriver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}

/** Installs a .vsix the way people do; takes about a second. */
export function installVsix(profile: Profile, vsix: string): void {
  const folders = ["--user-data-dir", profile.user, "--extensions-dir", profile.extensions];
  const args = [host.entry, "--config", profile.config, ...folders, "--install-extension", vsix];
  execFileSync(host.node, args, { env: serverEnv(), stdio: ["ignore", "ignore", "pipe"] });
}

/** Starts the server on a free port of 127.0.0.1 in a process group of its own. */
export async function startServer(profile: Profile, options: ServerOptions = {}): Promise<VscodeServer> {
  const port = await freePort();
  const child = spawn(host.node, serverArguments(profile, port, options), {
    env: serverEnv(options.env),
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const output: string[] = [];
  child.stdout.on("data", (data: Buffer) => output.push(data.toString()));
  child.stderr.on("data", (data: Buffer) => output.push(data.toString()));
  child.on("error", (error) => output.push(error.message));
  const killAtExit = () => signalGroup(child, "SIGKILL");
  process.once("exit", killAtExit);
  const origin = `http://127.0.0.1:${port}`;
  const server = {
    origin,
    log: () => output.join(""),
    stop: async () => {
      process.removeListener("exit", killAtExit);
      await stop(child);
    },
  };
  await untilReady(child, server);
  return server;
}

function serverArguments(profile: Profile, port: number, options: ServerOptions): string[] {
  return [
    ...[host.serverMain, "--host", "127.0.0.1", "--port", String(port)],
    ...["--without-connection-token", "--accept-server-license-terms"],
    ...["--server-data-dir", profile.server, "--user-data-dir", profile.user, "--extensions-dir", profile.extensions],
    ...["--telemetry-level", "off", "--disable-telemetry"],
    ...(options.suiteDriver === true ? ["--enable-smoke-test-driver"] : []),
    ...(options.workspaceTrust === true ? [] : ["--disable-workspace-trust"]),
  ];
}

/** Only what VS Code needs: what the caller's shell or test runner set does not reach the extension. */
function serverEnv(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, XDG_CACHE_HOME } = process.env;
  // An empty gallery: nothing is asked of the extension market.
  return {
    PATH,
    HOME,
    ...(TMPDIR === undefined ? {} : { TMPDIR }),
    ...(XDG_CACHE_HOME === undefined ? {} : { XDG_CACHE_HOME }),
    LANG: "C.UTF-8",
    EXTENSIONS_GALLERY: "{}",
    ...extra,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  return new Promise((resolve, reject) => {
    probe.on("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (address === null || typeof address === "string") reject(new Error("There is no free port."));
        else resolve(address.port);
      });
    });
  });
}

async function untilReady(child: ChildProcess, server: VscodeServer): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt += 1) {
    if (hasEnded(child)) break;
    const ready = await fetch(`${server.origin}/version`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return;
    await pause(100);
  }
  await server.stop();
  throw new Error(`The VS Code server did not start:\n${server.log()}`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  signalGroup(child, "SIGTERM");
  const killer = setTimeout(() => {
    signalGroup(child, "SIGKILL");
  }, 5000);
  await ended;
  clearTimeout(killer);
  // Whoever of the group outlived the server (extension hosts and what they started) goes with it.
  signalGroup(child, "SIGKILL");
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already, which is what was wanted.
  }
}
