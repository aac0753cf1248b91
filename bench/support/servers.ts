import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { accessSync, chownSync, constants, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

/** A server of this machine that only the benchmark uses, with its data in a temporary folder. */
export interface Server {
  readonly pid: number;
  readonly port: number;
  /** Ends it and removes its data. */
  readonly stop: () => Promise<void>;
}

export class MissingProgram extends Error {}

/** Results survive the death of the server's process and reach the disk within a second, as those of Fanout's default. */
export async function startRedis(): Promise<Server> {
  const program = findProgram("redis-server", pathFolders());
  const folder = temporaryFolder();
  const port = await freePort();
  const durable = ["--appendonly", "yes", "--appendfsync", "everysec", "--save", ""];
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, ...durable];
  return started(program, args, { folder, port, stopSignal: "SIGTERM" });
}

/** With `synchronous_commit` off a commit survives the death of any process, as one of Fanout's default, and waits for no disk. */
export async function startPostgres(): Promise<Server> {
  const folders = [...pathFolders(), ...postgresFolders()];
  const [initdb, postgres] = [findProgram("initdb", folders), findProgram("postgres", folders)];
  const folder = temporaryFolder();
  // It refuses to be run by root.
  const user = process.getuid?.() === 0 ? userIds("postgres") : null;
  if (user !== null) chownSync(folder, user.uid, user.gid);
  const data = path.join(folder, "data");
  execFileSync(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "--no-sync"], {
    ...user,
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const port = await freePort();
  const settings = ["synchronous_commit=off", "shared_buffers=512MB", "max_wal_size=4GB"].flatMap((one) => ["-c", one]);
  const args = ["-D", data, "-h", "127.0.0.1", "-p", String(port), "-k", folder, ...settings];
  return started(postgres, args, { folder, port, stopSignal: "SIGINT", ...user });
}

interface Start {
  readonly folder: string;
  readonly port: number;
  readonly stopSignal: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}

async function started(program: string, args: readonly string[], start: Start): Promise<Server> {
  const { folder, port, stopSignal, ...user } = start;
  // A group of its own: Ctrl-C reaches the benchmark, which ends its servers in order.
  const child = spawn(program, args, { ...user, cwd: folder, detached: true, stdio: "ignore" });
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill(stopSignal);
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const pid = await pidOf(child);
    await answers(port, child);
    return { pid, port, stop };
  } catch (thrown) {
    await stop();
    throw thrown;
  }
}

async function pidOf(child: ChildProcess): Promise<number> {
  await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
  if (child.pid === undefined) throw new Error("a process that has started has no id");
  return child.pid;
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`'${child.spawnfile}' ended with ${child.exitCode} as it started`);
    const connected = await new Promise<boolean>((resolve) => {
      const socket = createConnection({ host: "127.0.0.1", port });
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return address.port;
}

function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "fanout-bench-"));
}

function findProgram(name: string, folders: readonly string[]): string {
  const found = folders.map((folder) => path.join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new MissingProgram(
    `'${name}' is neither in PATH nor where Debian puts it. Install its package and run this again.`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function pathFolders(): readonly string[] {
  return (process.env["PATH"] ?? "").split(path.delimiter).filter((folder) => folder !== "");
}

/** Debian keeps each version's programs in a folder of their own, out of PATH; the newest first. */
function postgresFolders(): readonly string[] {
  const root = "/usr/lib/postgresql";
  try {
    const versions = readdirSync(root).toSorted((one, other) => Number(other) - Number(one));
    return versions.map((version) => path.join(root, version, "bin"));
  } catch {
    return [];
  }
}

function userIds(name: string): { uid: number; gid: number } {
  const line = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  throw new MissingProgram(`PostgreSQL refuses to be run by root, and there is no user '${name}' to run it as.`);
}
