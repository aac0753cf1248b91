import { existsSync, linkSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { FanoutError } from "../errors.js";
import { type OwnerRequest, OwnerServer, ask } from "./ownerSocket.js";
import { adviceOn, reasonOf } from "./systemError.js";

/**
 * Who owns a run: the one process that writes it. It listens on a socket as long as it lives; a file `owner-<n>` in the
 * run's folder names that socket, and can be made only once. Whoever wants the run asks the last owner first:
 *
 * - one that is alive answers, also one that is suspended, since the system takes the connection for it;
 * - a process that was killed leaves a socket nobody listens on, whatever process has its number now.
 *
 * A process that takes over listens before it makes the next file, so that it is never taken for dead; the file appears
 * whole or not at all, and of two that try at once only one can make it. What another one did between its look and its
 * file it sees when it looks once more.
 */
const FILE = /^owner-(\d+)$/;
const SOCKET = /^fanout-[0-9a-f]{16}\.sock$/;
/** Bytes of a socket's path that macOS takes, which has the lowest limit. Node cuts a longer one short: it would name another file. */
const LONGEST_PATH = 103;

interface OwnerFile {
  readonly socket: string;
  readonly host: string;
  readonly pid: number;
}

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
  const refuse = (file: OwnerFile | null): never => {
    throw lockedBy(file, dir);
  };
  const { number } = await findOwner(dir, refuse);
  const socket = socketPath(dir);
  const server = new OwnerServer(socket);
  await server.listen();
  const own = number + 1;
  try {
    const file = path.join(dir, ownerFile(own));
    if (!makeFile(file, { socket, host: hostname(), pid: process.pid })) refuse(readOwnerFile(file));
    try {
      await checkAlone(dir, own, socket, refuse);
    } catch (thrown) {
      rmSync(file, { force: true });
      throw thrown;
    }
  } catch (thrown) {
    server.close();
    throw thrown;
  }
  removeOwners(dir, (one) => one !== own);
  removeSockets(dir, socket);
  return {
    serve: (onRequest) => server.serve(onRequest),
    release: () => {
      server.close();
      removeOwners(dir, (one) => one === own);
    },
  };
}

/**
 * Others may have become the owner, and even have been it, since this process looked: their files began anew then, or
 * its socket went with those that nobody owned.
 */
async function checkAlone(
  dir: string,
  own: number,
  socket: string,
  refuse: (file: OwnerFile | null) => never,
): Promise<void> {
  for (const number of ownersOf(dir)) {
    const file = number === own ? null : readOwnerFile(path.join(dir, ownerFile(number)));
    if (file && (await ask(file.socket, { type: "ping" }))) refuse(file);
  }
  if (process.platform !== "win32" && !existsSync(socket)) refuse(null);
}

/** False where it is there already. */
function makeFile(file: string, content: OwnerFile): boolean {
  const whole = `${file}.${uniqueHex()}.partial`;
  try {
    writeFileSync(whole, JSON.stringify(content));
    try {
      linkSync(whole, file);
    } catch (cause) {
      // Gone: another one has become the owner meanwhile, and has tidied up.
      if (isCode(cause, "EEXIST") || isCode(cause, "ENOENT")) return false;
      // A file system without links: in the moment before it is written, the file looks like that of a dead process.
      writeFileSync(file, JSON.stringify(content), { flag: "wx" });
    }
    return true;
  } catch (cause) {
    if (isCode(cause, "EEXIST")) return false;
    throw new FanoutError("store-failed", `The run cannot be locked: ${reasonOf(cause)}.`, {
      advice: adviceOn(cause, `Make '${path.dirname(file)}' writable.`),
    });
  } finally {
    rmSync(whole, { force: true });
  }
}

function isCode(cause: unknown, code: string): boolean {
  return (cause as NodeJS.ErrnoException).code === code;
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
  const file = number === 0 ? null : readOwnerFile(path.join(dir, ownerFile(number)));
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

function ownerFile(number: number): string {
  return `owner-${String(number)}`;
}

function removeOwners(dir: string, isMeant: (number: number) => boolean): void {
  // With the run itself.
  if (!existsSync(dir)) return;
  for (const number of ownersOf(dir).filter(isMeant)) {
    const file = path.join(dir, ownerFile(number));
    const left = readOwnerFile(file)?.socket;
    if (left !== undefined && process.platform !== "win32") rmSync(left, { force: true });
    rmSync(file, { force: true });
  }
}

/** What processes left behind that were killed before they had a file, or while they made it. */
function removeSockets(dir: string, own: string): void {
  for (const name of readdirSync(dir)) {
    const isLeft = SOCKET.test(name) ? path.join(dir, name) !== own : /^owner-.*\.partial$/.test(name);
    if (isLeft) rmSync(path.join(dir, name), { force: true });
  }
}

function socketPath(dir: string): string {
  const name = `fanout-${uniqueHex()}${uniqueHex()}`;
  if (process.platform === "win32") return `\\\\.\\pipe\\${name}`;
  const inFolder = (folder: string): string => path.join(folder, `${name}.sock`);
  const isFit = (file: string): boolean => Buffer.byteLength(file) <= LONGEST_PATH && existsSync(path.dirname(file));
  return [dir, tmpdir()].map(inFolder).find(isFit) ?? inFolder("/tmp");
}

/** Eight digits that nobody has to be unable to guess: loading Node's own takes longer than all of the rest here. */
function uniqueHex(): string {
  return Math.trunc(Math.random() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
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
