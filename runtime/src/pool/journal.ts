import { closeSync, mkdirSync, openSync, readFileSync, readSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { StringDecoder } from "node:string_decoder";
import { REPORT, type ResultReport, decodeResult } from "./messages.js";
import { ReportReader, markOf } from "./reportReader.js";
import { writeText } from "./writeText.js";
import { type XcomPush, decodePush } from "./xcomMessages.js";

/**
 * A worker tells what becomes of its instances by writing it into a journal of its own, which the engine reads. What it
 * has written is there even if it, or the engine, or both are killed in the next moment: the engine reads the rest of a
 * dead worker's journal, and a run that goes on begins with what its journals say.
 *
 * A journal is a row of files, `w<segment>-<n>.ndjson` in the run's folder. The last line of a file that another one
 * follows says so; the engine deletes a file once the rows of all its lines are committed.
 */
const RECOVERED: ReadonlySet<string> = new Set([REPORT.result, REPORT.push, REPORT.callbacksBegin, REPORT.abandoned]);
const FILE = /^w(\d+)-(\d+)\.ndjson$/;
/** Bytes after which the worker begins the next file. */
const LARGE = 8 * 1024 * 1024;
/** Bytes that are read at once. */
const CHUNK = 65_536;

function fileName(segment: number, part: number): string {
  return `w${String(segment)}-${String(part)}.ndjson`;
}

/** Whether a run that goes on needs the line. Callbacks that come before the body tell nothing of how it ended. */
function isRecovered(line: string): boolean {
  return RECOVERED.has(line.charAt(0)) && line.length > 1;
}

/** The worker's end. */
export class JournalWriter {
  #part = 0;
  #fd: number;
  /** Bytes of the file. */
  #size = 0;
  #written = 0;
  readonly #mark = markOf(process.pid);
  /** What an instance pushed stands in the same file as how it ended: the file is deleted as a whole. */
  #isBetween = true;

  constructor(
    readonly folder: string,
    readonly segment: number,
  ) {
    this.#fd = this.#open();
  }

  /** Bytes of all its files. */
  get written(): number {
    return this.#written;
  }

  /** Returns when the line is where it outlives this process. */
  write(line: string): void {
    if (this.#size > LARGE && this.#isBetween) this.#beginNext();
    this.#isBetween = line.startsWith(REPORT.result);
    this.#append(line);
  }

  /** Nothing is written any more. */
  close(): void {
    closeSync(this.#fd);
  }

  #append(line: string): void {
    const length = writeText(this.#fd, this.#mark + line);
    this.#size += length;
    this.#written += length;
  }

  /** Whoever reads that there is another file finds it. */
  #beginNext(): void {
    this.#part++;
    const next = this.#open();
    this.#append(`${REPORT.nextJournal}\n`);
    closeSync(this.#fd);
    this.#fd = next;
    this.#size = 0;
  }

  #open(): number {
    return openSync(path.join(this.folder, fileName(this.segment, this.#part)), "a");
  }
}

/** The engine's end, while it knows the worker. */
export class JournalReader {
  #part = 0;
  #fd: number;
  #offset = 0;
  #deleted = 0;
  #arrived = 0;
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  readonly #decoder = new StringDecoder("utf8");
  readonly #lines: ReportReader;

  constructor(
    readonly folder: string,
    readonly segment: number,
    /** The worker's process. */
    pid: number | undefined,
    readonly onLine: (line: string) => void,
  ) {
    this.#lines = new ReportReader((line) => this.#take(line), pid);
    this.#fd = this.#open();
  }

  /** Bytes that were read of all its files. */
  get arrived(): number {
    return this.#arrived;
  }

  /** Calls back for every line that was written since. */
  read(): void {
    for (;;) {
      const length = readSync(this.#fd, this.#chunk, 0, CHUNK, this.#offset);
      if (length === 0) return;
      this.#offset += length;
      this.#arrived += length;
      this.#lines.take(this.#decoder.write(this.#chunk.subarray(0, length)));
    }
  }

  /** Everything that was read is committed. `isOver`: the worker is gone, and everything is read. */
  committed(isOver: boolean): void {
    const end = isOver ? this.#part + 2 : this.#part;
    if (isOver) this.close();
    for (; this.#deleted < end; this.#deleted++) {
      rmSync(path.join(this.folder, fileName(this.segment, this.#deleted)), { force: true });
    }
  }

  /** Nothing is read any more; what is there stays. */
  close(): void {
    closeSync(this.#fd);
  }

  #take(line: string): void {
    if (line.startsWith(REPORT.nextJournal)) this.#goToNext();
    else this.onLine(line);
  }

  #goToNext(): void {
    closeSync(this.#fd);
    this.#part++;
    this.#offset = 0;
    this.#fd = this.#open();
  }

  /** The worker may not have begun it yet. */
  #open(): number {
    return openSync(path.join(this.folder, fileName(this.segment, this.#part)), "a+");
  }
}

/** How an instance ended, of which perhaps nothing is committed. */
export interface RecoveredReport {
  readonly segment: number;
  readonly report: ResultReport;
  /** What it pushed before. */
  readonly pushes: readonly XcomPush[];
}

export function createJournals(folder: string): void {
  mkdirSync(folder, { recursive: true });
}

/** They are not needed any more: what they hold is committed. */
export function removeJournals(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** What the journals of a run hold whose engine is gone, earlier tries first. A line that is not whole counts for nothing. */
export function readJournals(folder: string): RecoveredReport[] {
  const recovered = new Map<string, RecoveredReport>();
  for (const { segment, file } of journalsIn(folder)) {
    const pushes = new Map<string, XcomPush[]>();
    for (const line of readLines(file)) {
      if (line.startsWith(REPORT.push)) {
        const push = wholeOf(() => decodePush(line));
        if (!push) continue;
        const key = keyOf(push);
        pushes.set(key, [...(pushes.get(key) ?? []), push]);
      } else if (isRecovered(line)) {
        const report = wholeOf(() => decodeResult(line));
        if (!report) continue;
        const key = keyOf(report);
        const found = { segment, report, pushes: pushes.get(key) ?? [] };
        const id = `${key}:${String(report.try_number)}`;
        if (isBehind(recovered.get(id)?.report, report)) recovered.set(id, found);
        // Another try of it pushes anew.
        if (line.startsWith(REPORT.result)) pushes.delete(key);
      }
    }
  }
  return [...recovered.values()].sort((a, b) => a.report.try_number - b.report.try_number);
}

/** Null where the disk was full in the middle of it, or somebody else wrote into it. */
function wholeOf<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}

/** A sensor that looks again ends its try several times, perhaps in several workers: the last time counts. */
function isBehind(known: ResultReport | undefined, report: ResultReport): boolean {
  if (!known || known.outcome === report.outcome) return !known || known.start <= report.start;
  return known.outcome === "up_for_reschedule";
}

function keyOf({ task, map_index }: Pick<ResultReport, "task" | "map_index">): string {
  return `${String(task)}:${String(map_index)}`;
}

function journalsIn(folder: string): { segment: number; part: number; file: string }[] {
  const journals = names(folder).flatMap((name) => {
    const [, segment, part] = FILE.exec(name) ?? [];
    return segment === undefined
      ? []
      : [{ segment: Number(segment), part: Number(part), file: path.join(folder, name) }];
  });
  return journals.sort((a, b) => a.segment - b.segment || a.part - b.part);
}

function names(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** What stands behind the last line break was being written. */
function readLines(file: string): string[] {
  const lines: string[] = [];
  const reader = new ReportReader((line) => lines.push(line), null);
  try {
    reader.take(readFileSync(file, "utf8"));
  } catch {
    // There is no such journal.
  }
  return lines;
}
