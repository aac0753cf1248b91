import { fstatSync, readSync, writeSync } from "node:fs";
import { Socket } from "node:net";
import { JournalWriter } from "../pool/journal.js";
import { cutLog } from "../pool/logCap.js";
import {
  ANSWER_FD,
  CLAIM_FD,
  COMMAND_FD,
  type Command,
  type JournalPlace,
  REPORT,
  REPORT_FD,
} from "../pool/messages.js";
import { MARK } from "../pool/reportReader.js";

const CHUNK = 65_536;

/** What running instances needs of the engine. */
export interface EngineLink {
  /** Takes one line, see `pool/messages.ts`. */
  report(line: string): void;
  /** The answer to a report that asks for one. */
  readAnswer(): string;
  /** How much was printed so far. */
  logSize(): number;
  /** An instance ends whose output begins at `from`: too much of it is cut off. Returns how much was printed so far. */
  endLog(from: number): number;
}

/** The worker's end of the descriptors that `pool/messages.ts` lists. */
export class Channel implements EngineLink {
  readonly #answers = Buffer.alloc(CHUNK);
  readonly #claim = Buffer.alloc(1);
  /** Kept of what an instance prints. */
  logBytes = Infinity;
  #journal: JournalWriter | null = null;

  /** From here on the ends of instances are kept before they are told. */
  keepJournal({ folder, segment }: JournalPlace): void {
    this.#journal = new JournalWriter(folder, segment);
  }

  /** Calls back for every command in order; a lost engine ends this process and whatever it started. */
  listen(onCommand: (command: Command) => void): void {
    const socket = new Socket({ fd: COMMAND_FD, readable: true, writable: false });
    let rest = "";
    socket.setEncoding("utf8");
    socket.on("data", (data: string) => {
      const lines = (rest + data).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) onCommand(JSON.parse(line) as Command);
    });
    socket.on("close", leave);
    socket.on("error", leave);
  }

  /** Returns when the engine has the line, so that a crash right after loses nothing. */
  report(line: string): void {
    const bytes = Buffer.from(MARK + line);
    const isNext = this.#journal?.write(line, bytes.subarray(MARK.length)) === true;
    if (isNext) this.#send(Buffer.from(`${MARK}${REPORT.nextJournal}\n`));
    this.#send(bytes);
  }

  #send(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length;) written += writeSync(REPORT_FD, bytes, written);
    } catch {
      leave();
    }
  }

  /** One line, waited for. */
  readAnswer(): string {
    const parts: Buffer[] = [];
    for (;;) {
      const length = readSync(ANSWER_FD, this.#answers, 0, CHUNK, null);
      if (length === 0) leave();
      const isEnd = this.#answers[length - 1] === 10;
      parts.push(Buffer.from(this.#answers.subarray(0, isEnd ? length - 1 : length)));
      if (isEnd) return Buffer.concat(parts).toString("utf8");
    }
  }

  /** Takes the next claim; false where the engine took back what was queued. See `pool/claims.ts`. */
  claim(): boolean {
    return readSync(CLAIM_FD, this.#claim, 0, 1, null) === 1;
  }

  endLog(from: number): number {
    return cutLog(1, from, this.logBytes);
  }

  /** Bytes that this process and its children have printed. */
  logSize(): number {
    return fstatSync(1).size;
  }
}

/** Ends this process and its children: without the engine there is nothing left to do. */
function leave(): never {
  try {
    if (process.platform !== "win32") process.kill(-process.pid, "SIGKILL");
  } finally {
    process.exit(0);
  }
}
