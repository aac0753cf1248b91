import { randomBytes } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { type Server, type Socket, connect, createServer } from "node:net";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { FanoutError } from "../errors.js";

/**
 * Who owns a run: the one process that writes it. It listens on a socket as long as it lives; a file `owner-<n>` in the
 * run's folder names that socket, and can be made only once. Whoever wants the run asks the last owner first:
 *
 * - one that is alive answers, also one that is suspended, since the system takes the connection for it;
 * - a process that was killed leaves a socket nobody listens on, whatever process has its number now.
 *
 * A process that takes over listens before it makes the next file, so that it is never taken for dead, and of two that
 * try at once only one can make it.
 */
const FILE = /^owner-(\d+)$/;
/** The system's own limit of the path of a socket lies a little above. */
const LONGEST_PATH = 100;
const ANSWER_MS = 5000;

interface OwnerFile {
  readonly socket: string;
  readonly host: string;
  readonly pid: number;
}

/** What another process may ask of the owner of a run. */
export type OwnerRequest = { readonly type: "ping" } | { readonly type: "cancel" };

export interface Owner {
  /** Answers requests from now on; before, they wait. */
  serve(onRequest: (request: OwnerRequest) => void): void;
  /** The run is not owned any more. */
  release(): void;
}

/**
 * Becomes the owner of a run.
 * @throws FanoutError `run-locked` where another process is.
 */
export async function takeOwnership(dir: string): Promise<Owner> {
  const { number } = await findOwner(dir, (file) => {
    throw lockedBy(file, dir);
  });
  const socket = socketPath(dir);
  const server = new OwnerServer(socket);
  await server.listen();
  const file = path.join(dir, `owner-${String(number + 1)}`);
  try {
    const content: OwnerFile = { socket, host: hostname(), pid: process.pid };
    writeFileSync(file, JSON.stringify(content), { flag: "wx" });
  } catch (thrown) {
    server.close();
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
    throw lockedBy(readOwnerFile(file), dir);
  }
  removeOwners(dir, number);
  return {
    serve: (onRequest) => server.serve(onRequest),
    release: () => {
      server.close();
      removeOwners(dir, number + 1);
    },
  };
}

/** Asks the live owner of a run for something; false where nobody owns it. */
export async function askOwner(dir: string, request: OwnerRequest): Promise<boolean> {
  let isThere = false;
  await findOwner(dir, async ({ socket }) => {
    isThere = await ask(socket, request);
  });
  return isThere;
}

/** The number of the last owner, 0 where there was none; `onAlive` is called with one that lives. */
async function findOwner(
  dir: string,
  onAlive: (file: OwnerFile) => void | Promise<void>,
): Promise<{ readonly number: number }> {
  const number = Math.max(0, ...ownersOf(dir));
  const file = number === 0 ? null : readOwnerFile(path.join(dir, `owner-${String(number)}`));
  if (file && file.host !== hostname()) throw elsewhere(file, dir);
  if (file && (await ask(file.socket, { type: "ping" }))) await onAlive(file);
  return { number };
}

function ownersOf(dir: string): number[] {
  return readdirSync(dir).flatMap((name) => {
    const number = FILE.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Null where it was not written in full: its process was killed meanwhile. */
function readOwnerFile(file: string): OwnerFile | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as OwnerFile;
  } catch {
    return null;
  }
}

function removeOwners(dir: string, upTo: number): void {
  for (const number of ownersOf(dir)) {
    if (number > upTo) continue;
    const file = path.join(dir, `owner-${String(number)}`);
    const left = readOwnerFile(file)?.socket;
    if (left !== undefined && process.platform !== "win32") rmSync(left, { force: true });
    rmSync(file, { force: true });
  }
}

function socketPath(dir: string): string {
  const name = `fanout-${randomBytes(8).toString("hex")}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  const beside = path.join(dir, `${name}.sock`);
  return beside.length <= LONGEST_PATH ? beside : path.join(tmpdir(), `${name}.sock`);
}

/** True where somebody listens, whether or not an answer comes in time. */
function ask(socket: string, request: OwnerRequest): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    const finish = (isAlive: boolean): void => {
      clearTimeout(timer);
      connection.destroy();
      resolve(isAlive);
    };
    // A suspended process accepts and is silent.
    const timer = setTimeout(() => finish(true), ANSWER_MS);
    connection.once("connect", () => {
      if (request.type === "ping") finish(true);
      else connection.write(`${JSON.stringify(request)}\n`);
    });
    connection.once("data", () => finish(true));
    connection.once("error", ({ code }: NodeJS.ErrnoException) => finish(code !== "ENOENT" && code !== "ECONNREFUSED"));
    connection.once("close", () => finish(true));
  });
}

class OwnerServer {
  readonly #server: Server;
  #onRequest: ((request: OwnerRequest) => void) | null = null;
  readonly #waiting: OwnerRequest[] = [];

  constructor(readonly socket: string) {
    this.#server = createServer((connection) => this.#accept(connection));
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", (cause) => {
        reject(new FanoutError("store-failed", `The run cannot be locked: ${cause.message}.`));
      });
      this.#server.listen(this.socket, () => {
        // That others may ask keeps no process alive.
        this.#server.unref();
        resolve();
      });
    });
  }

  serve(onRequest: (request: OwnerRequest) => void): void {
    this.#onRequest = onRequest;
    for (const request of this.#waiting.splice(0)) onRequest(request);
  }

  close(): void {
    this.#server.close();
  }

  #accept(connection: Socket): void {
    connection.unref();
    connection.setEncoding("utf8");
    connection.on("error", () => undefined);
    connection.on("data", (data) => {
      const request = parse(String(data));
      if (!request) return;
      connection.end("ok\n");
      if (this.#onRequest) this.#onRequest(request);
      else this.#waiting.push(request);
    });
  }
}

function parse(line: string): OwnerRequest | null {
  try {
    const request = JSON.parse(line) as { readonly type?: unknown };
    return request.type === "cancel" || request.type === "ping" ? { type: request.type } : null;
  } catch {
    return null;
  }
}

function lockedBy(file: OwnerFile | null, dir: string): FanoutError {
  const who = file ? ` by process ${String(file.pid)}` : "";
  return new FanoutError("run-locked", `Run '${path.basename(dir)}' is under way${who}.`, {
    advice: `Wait for its end, or stop it with 'fanout cancel ${path.basename(dir)}'.`,
  });
}

/** Whether it still lives cannot be told from here. */
function elsewhere({ host, pid }: OwnerFile, dir: string): FanoutError {
  return new FanoutError("run-locked", `Run '${path.basename(dir)}' belongs to process ${String(pid)} of '${host}'.`, {
    advice: `Where that process is surely gone, delete the files 'owner-*' in '${dir}'.`,
  });
}
