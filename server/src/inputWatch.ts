import { readSync } from "node:fs";
import { Socket } from "node:net";
import { PassThrough, type Readable } from "node:stream";
import type { Cancellation } from "./workspace/workspace.js";

/** How often input is looked for while something is worked out, in milliseconds, and after how many questions. */
const LOOK_MS = 5;
const QUESTIONS = 8;
const CHUNK = 65_536;

/** Messages that make what is being worked out useless. */
const edit = /"(?:textDocument\/didChange|textDocument\/didClose|shutdown)"/;

/**
 * Stands between the client and the connection, so that an edit can end what is being worked out in the middle: while
 * that goes on nobody receives messages, but whether one has come can be looked up. Whatever is read early is handed on
 * in its order.
 */
export class InputWatch implements Cancellation {
  /** What the connection reads. */
  readonly input = new PassThrough();
  readonly #readNow: () => Buffer | undefined;
  #hasEdit = false;
  #questions = 0;
  #lookedAt = 0;

  constructor(source: Readable) {
    this.#readNow = canBeReadAtOnce(source) ? readStdin : () => undefined;
    source.on("data", (chunk: Buffer) => this.input.write(chunk));
    source.once("end", () => this.input.end());
    source.once("error", () => this.input.end());
  }

  /** Something else begins: edits that came before it are known. */
  begin(): this {
    this.#hasEdit = false;
    this.#lookedAt = performance.now();
    return this;
  }

  /** Asked at every step, so that it mostly only counts. */
  get isCancellationRequested(): boolean {
    if (this.#hasEdit || ++this.#questions < QUESTIONS) return this.#hasEdit;
    this.#questions = 0;
    const now = performance.now();
    if (now - this.#lookedAt < LOOK_MS) return false;
    this.#lookedAt = now;
    return this.#look();
  }

  #look(): boolean {
    for (let chunk = this.#readNow(); chunk !== undefined; chunk = this.#readNow()) {
      if (edit.test(chunk.toString("latin1"))) this.#hasEdit = true;
      this.input.write(chunk);
    }
    return this.#hasEdit;
  }
}

/**
 * Pipes and sockets never block a reader on POSIX, once Node has opened them; files and terminals are no clients, and
 * pipes of Windows would block.
 */
function canBeReadAtOnce(source: Readable): boolean {
  return source === process.stdin && source instanceof Socket && process.platform !== "win32";
}

/** What has come and was not read yet; undefined where there is nothing, or the client is gone. */
function readStdin(): Buffer | undefined {
  const chunk = Buffer.allocUnsafe(CHUNK);
  try {
    const length = readSync(0, chunk);
    return length === 0 ? undefined : chunk.subarray(0, length);
  } catch {
    return undefined;
  }
}
