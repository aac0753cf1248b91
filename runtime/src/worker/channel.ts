import { closeSync, fstatSync, openSync, readSync } from "node:fs";
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
import { markOf } from "../pool/reportReader.js";
import { writeText } from "../pool/writeText.js";

const CHUNK = 65_536;
/** The person's code gets another one: see `lateThrows.ts`. */
const exit: (code: number) => never = process.exit.bind(process);
/** Waking the engine costs more than an instance that does nothing, so what ends in such a time is told together. */
const TELL_MS = 2;
const CAN_WAIT: ReadonlySet<string> = new Set([REPORT.result, REPORT.began, REPORT.named, REPORT.received]);

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
  readonly #mark = markOf(process.pid);
  /** Kept of what an instance prints. */
  logBytes = Infinity;
  #journal: JournalWriter | null = null;

  #toldAt = 0;
  #willTell: NodeJS.Immediate | null = null;

  /** From here on everything is told through the journal. */
  keepJournal({ folder, segment }: JournalPlace): void {
    this.#journal = new JournalWriter(folder, segment);
  }

  /** The run is over, and everything of it is told. */
  closeJournal(): void {
    if (!this.#journal) return;
    this.#tell(this.#journal);
    this.#journal.close();
    this.#journal = null;
  }

  /** What this process and its children print from here on goes into that file. */
  printTo(file: string): void {
    for (const fd of [1, 2]) {
      closeSync(fd);
      // The least number that is free is the one that was just given back.
      if (openSync(file, "a+") !== fd) leave();
    }
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

  /** Returns when the line is where a crash right after loses nothing of it. */
  report(line: string): void {
    if (!this.#journal) return this.#send(line);
    try {
      this.#journal.write(line);
    } catch (thrown) {
      this.#giveUp(thrown);
    }
    if (CAN_WAIT.has(line.charAt(0))) this.#tellSoon(this.#journal);
    else this.#tell(this.#journal);
  }

  /** The disk is full: the run cannot go on, and nothing may come of what this process does. It waits to be ended. */
  #giveUp(thrown: unknown): never {
    this.#send(`${REPORT.cannotWrite}${JSON.stringify(thrown instanceof Error ? thrown.message : String(thrown))}\n`);
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  }

  /** While an instance keeps this process from telling it, the engine looks by itself every few milliseconds. */
  #tellSoon(journal: JournalWriter): void {
    if (performance.now() - this.#toldAt > TELL_MS) this.#tell(journal);
    else this.#willTell ??= setImmediate(() => this.#tell(journal));
  }

  #tell(journal: JournalWriter): void {
    if (this.#willTell) clearImmediate(this.#willTell);
    this.#willTell = null;
    this.#toldAt = performance.now();
    this.#send(`${REPORT.journal}${String(journal.written)}\n`);
  }

  #send(line: string): void {
    try {
      writeText(REPORT_FD, this.#mark + line);
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
    exit(0);
  }
}
