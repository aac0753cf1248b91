import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Database } from "node-sqlite3-wasm";
import { isFinished } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { readJournals } from "../../../runtime/src/pool/journal.js";
import { RUN_FILES } from "../../../runtime/src/store/runFolder.js";
import { SqliteRunStore } from "../../../runtime/src/store/sqliteRunStore.js";

/** The run folders of a project that hold a run; one that was killed before it had written that holds none. */
export function runFolders(home: string): string[] {
  const runs = path.join(home, "runs");
  const names = existsSync(runs) ? readdirSync(runs) : [];
  return names.map((name) => path.join(runs, name)).filter((dir) => existsSync(path.join(dir, RUN_FILES.state)));
}

/** Names of the instances that the run has told as finished: `task[index]`. */
export function toldFinished(dir: string): Set<string> {
  const file = path.join(dir, RUN_FILES.events);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
  const events = lines.map((line) => JSON.parse(line) as RunEvent);
  const told = new Set<string>();
  for (const event of events) {
    if (event.type !== "instances_changed") continue;
    for (const { map_index, state } of event.changes) {
      const name = nameOf(event.task_id, map_index);
      if (isFinished(state)) told.add(name);
      else told.delete(name);
    }
  }
  return told;
}

/**
 * The same of those whose end is kept, in the database or in a journal: nothing writes the run any more. Checks the
 * database on the way.
 */
export function keptFinished(dir: string): Set<string> {
  const kept = new Set<string>();
  const copy = mkdtempSync(path.join(tmpdir(), "fanout-kept-"));
  try {
    const file = copyDatabase(dir, copy);
    const store = SqliteRunStore.open(file);
    const { model } = store.run();
    for (const [task, { task_id }] of model.tasks.entries()) {
      for (const { map_index, state } of store.instances(task)) {
        if (isFinished(state)) kept.add(nameOf(task_id, map_index));
      }
    }
    store.close();
    for (const { report } of readJournals(path.join(dir, RUN_FILES.journals))) {
      const { task_id } = model.tasks[report.task] ?? { task_id: "" };
      if (report.outcome === "success") kept.add(nameOf(task_id, report.map_index));
    }
    return kept;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

/** What SQLite says of the database, `ok` where nothing is wrong with it. */
export function integrity(dir: string): string {
  const copy = mkdtempSync(path.join(tmpdir(), "fanout-integrity-"));
  try {
    const database = new Database(copyDatabase(dir, copy));
    database.exec("pragma locking_mode = exclusive");
    const found = database.all("pragma integrity_check");
    database.close();
    return found.map((row) => String(Object.values(row)[0])).join("\n");
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyDatabase(dir: string, to: string): string {
  const copy = path.join(to, RUN_FILES.database);
  for (const end of ["", "-wal"]) {
    const from = path.join(dir, `${RUN_FILES.database}${end}`);
    if (existsSync(from)) copyFileSync(from, `${copy}${end}`);
  }
  return copy;
}

function nameOf(task_id: string, map_index: number): string {
  return `${task_id}[${String(map_index)}]`;
}
