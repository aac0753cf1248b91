import {
  type Stats,
  accessSync,
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { FanoutError } from "../errors.js";
import { RUN_FILES } from "./runFolder.js";
import type { RunStore } from "./runStore.js";
import { HOST, scratchName } from "./scratch.js";
import { SqliteRunStore } from "./sqliteRunStore.js";
import { adviceOn, reasonOf } from "./systemError.js";
import { removeLeftFolders } from "./temporaryFolders.js";

const ATTEMPTS = 5;
/** Bytes of a journal's header: it changes whenever the writer begins the journal anew. */
const HEADER = 32;

/**
 * Reads a run's database without ever opening the run's own file.
 *
 * While a run is live its owner holds the database alone: SQLite in WebAssembly and native SQLite do not see each
 * other's locks, and even a reader may end up "recovering" a journal that is being written. So readers take a copy
 * of the database and its journal and read that. A journal's entries carry checksums: a copy that ends in the middle
 * of one is read up to the commit before it. Where the owner began its journal anew in between, the copy is taken
 * again. A run that has ended (no journal) is read through a link, which costs nothing however large it is.
 */
export class RunReader {
  #open: OpenCopy | null = null;

  /** Reads one run; what the last call opened is used again while nobody has written to the run. */
  read<T>(dir: string, read: (store: RunStore) => T): T {
    const database = path.join(dir, RUN_FILES.database);
    const stamp = stampOf(database);
    if (this.#open?.stamp !== stamp) {
      this.close();
      this.#open = { ...openCopy(database), stamp };
    }
    return read(this.#open.store);
  }

  close(): void {
    this.#open?.store.close();
    if (this.#open) removeCopy(this.#open.folder);
    this.#open = null;
  }
}

interface OpenCopy {
  readonly store: RunStore;
  readonly folder: string;
  /** Changes when the run's database or journal does. */
  readonly stamp: string;
}

/** Copies that are open: they go with the process, or, where a signal ended it, with the next one that reads. */
const folders = new Set<string>();
process.on("exit", () => folders.forEach(removeCopy));

/** In the system's temporary folder; in the history folder where that is not there, full or not to be written. */
function openCopy(database: string): Omit<OpenCopy, "stamp"> {
  if (folders.size === 0) removeLeftFolders();
  try {
    return openCopyIn(mkdtempSync(path.join(tmpdir(), `fanout-read-${HOST}-${process.pid}-`)), database);
  } catch (thrown) {
    const folder = path.join(path.dirname(database), "../..", scratchName());
    try {
      mkdirSync(folder);
      return openCopyIn(folder, database);
    } catch {
      // Nor is there a copy in the history folder of a database that is broken.
      throw FanoutError.is(thrown) ? thrown : unreadable(thrown);
    }
  }
}

function unreadable(cause: unknown): FanoutError {
  const advice = adviceOn(cause, `Make the temporary folder '${tmpdir()}' writable, or name another one in TMPDIR.`);
  return new FanoutError("store-failed", `The run cannot be read: ${reasonOf(cause)}.`, { advice });
}

function openCopyIn(folder: string, database: string): Omit<OpenCopy, "stamp"> {
  folders.add(folder);
  try {
    const copy = path.join(folder, RUN_FILES.database);
    takeCopy(database, copy);
    return { store: SqliteRunStore.open(copy), folder };
  } catch (thrown) {
    removeCopy(folder);
    throw thrown;
  }
}

function removeCopy(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}

function stampOf(database: string): string {
  return [database, `${database}-wal`]
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .map((stat) => (stat ? describe(stat) : "none"))
    .join(" ");
}

function describe({ ino, size, mtimeMs }: Stats): string {
  return `${ino}:${size}:${mtimeMs}`;
}

function takeCopy(database: string, copy: string): void {
  if (!existsSync(database)) {
    throw new FanoutError("store-failed", `The run's database '${database}' is not there.`, {
      advice: "Bring it back from a copy, or remove the run with 'fanout runs prune'.",
    });
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = journalHeader(database);
    if (before === null) {
      linkOrCopy(database, copy);
      if (journalHeader(database) === null) return;
    } else {
      copyWritable(database, copy);
      copyJournal(database, copy);
      if (journalHeader(copy)?.equals(before)) return;
    }
    rmSync(copy, { force: true });
    rmSync(`${copy}-wal`, { force: true });
  }
  throw new FanoutError("store-failed", "The run is writing too much to be read just now: try again.");
}

function journalHeader(database: string): Buffer | null {
  const journal = `${database}-wal`;
  if (!existsSync(journal)) return null;
  const header = Buffer.alloc(HEADER);
  try {
    const fd = openSync(journal, "r");
    try {
      return readSync(fd, header, 0, HEADER, 0) === HEADER ? header : null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}

function copyJournal(database: string, copy: string): void {
  try {
    copyWritable(`${database}-wal`, `${copy}-wal`);
  } catch (cause) {
    // The run ended just now: the next attempt finds no journal.
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
  }
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
    accessSync(to, constants.W_OK);
  } catch {
    // Another file system, or a history that may only be read: SQLite takes no file that it may not write.
    rmSync(to, { force: true });
    copyWritable(from, to);
  }
}

/** A copy has the rights of what it was made of. */
function copyWritable(from: string, to: string): void {
  copyFileSync(from, to);
  chmodSync(to, 0o600);
}
