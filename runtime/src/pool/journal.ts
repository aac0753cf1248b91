import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { REPORT, type ResultReport, decodeResult } from "./messages.js";
import { type XcomPush, decodePush } from "./xcomMessages.js";

/**
 * Before a worker tells the engine how an instance ended, it writes the same line into a journal of its own. What it
 * has written is there even if it, or the engine, or both are killed in the next moment: the engine reads the rest of a
 * dead worker's journal, and a run that goes on begins with what its journals say.
 *
 * A journal is a row of files, `w<segment>-<n>.ndjson` in the run's folder. The worker begins the next one when a file
 * is large, and says so; the engine deletes a file once the rows of all its lines are committed.
 */
const JOURNALED: ReadonlySet<string> = new Set([REPORT.result, REPORT.push, REPORT.callbacksBegin, REPORT.abandoned]);
const FILE = /^w(\d+)-(\d+)\.ndjson$/;
/** Bytes after which the worker begins the next file. */
const LARGE = 8 * 1024 * 1024;

function fileName(segment: number, part: number): string {
  return `w${String(segment)}-${String(part)}.ndjson`;
}

/** Callbacks that come before the body tell nothing of how it ended. */
function isJournaled(line: string): boolean {
  return JOURNALED.has(line.slice(0, 1)) && line.length > 2;
}

/** The worker's end. */
export class JournalWriter {
  #part = 0;
  #fd: number;
  #size = 0;
  /** What an instance pushed stands in the same file as how it ended: the file is deleted as a whole. */
  #isBetween = true;

  constructor(
    readonly folder: string,
    readonly segment: number,
  ) {
    this.#fd = this.#open();
  }

  /** Keeps the line where it has to be; returns true where a new file was begun before it. */
  write(line: string, bytes: Uint8Array): boolean {
    if (!isJournaled(line)) return false;
    const isNew = this.#size > LARGE && this.#isBetween;
    if (isNew) this.#beginNext();
    this.#isBetween = line.startsWith(REPORT.result);
    for (let written = 0; written < bytes.length;) written += writeSync(this.#fd, bytes, written);
    this.#size += bytes.length;
    return isNew;
  }

  #beginNext(): void {
    closeSync(this.#fd);
    this.#part++;
    this.#size = 0;
    this.#fd = this.#open();
  }

  #open(): number {
    return openSync(path.join(this.folder, fileName(this.segment, this.#part)), "a");
  }
}

/** What the engine knows of one worker's journal. */
export class JournalTail {
  /** The file that the worker writes. */
  #part = 0;
  /** Lines of it that have arrived. */
  #arrived = 0;
  #deleted = 0;

  constructor(
    readonly folder: string,
    readonly segment: number,
  ) {}

  /** A line has arrived by the other way. */
  note(line: string): void {
    if (line.startsWith(REPORT.nextJournal)) {
      this.#part++;
      this.#arrived = 0;
    } else if (isJournaled(line)) this.#arrived++;
  }

  /** Lines of a worker that is gone which never arrived. */
  missing(): string[] {
    const lines = readLines(path.join(this.folder, fileName(this.segment, this.#part))).slice(this.#arrived);
    const next = readLines(path.join(this.folder, fileName(this.segment, this.#part + 1)));
    return [...lines, ...next];
  }

  /** Everything that has arrived is committed. `isOver`: the worker is gone. */
  committed(isOver: boolean): void {
    const end = isOver ? this.#part + 2 : this.#part;
    for (; this.#deleted < end; this.#deleted++) {
      rmSync(path.join(this.folder, fileName(this.segment, this.#deleted)), { force: true });
    }
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
        const push = decodePush(line);
        const key = keyOf(push);
        pushes.set(key, [...(pushes.get(key) ?? []), push]);
      } else if (isJournaled(line)) {
        const report = decodeResult(line);
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

function readLines(file: string): string[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n");
    // What stands behind the last line break was being written.
    return lines.slice(0, -1);
  } catch {
    return [];
  }
}
