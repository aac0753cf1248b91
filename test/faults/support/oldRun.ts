import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Database } from "node-sqlite3-wasm";
import { MIGRATIONS } from "../../../runtime/src/store/migrations.js";
import { RUN_FILES } from "../../../runtime/src/store/runFolder.js";

/** What the file of a run held before runs had types and intervals, and before it told when its process had started. */
interface RunFileText {
  summary: Record<string, unknown>;
  pid: number;
  started?: unknown;
}

/**
 * Makes of the folder of a run that has ended one that an earlier version left, with so many steps of the schema, whose
 * process was killed while the instances in `open` ran or waited.
 */
export function makeOld(
  dir: string,
  steps: number,
  open: readonly (readonly [task_id: string, map_index: number])[],
): void {
  const file = path.join(dir, RUN_FILES.database);
  renameSync(file, `${file}.new`);
  const [old, now] = [new Database(file), new Database(`${file}.new`)];
  for (const step of MIGRATIONS.slice(0, steps)) old.exec(step);
  old.exec(`pragma user_version = ${String(steps)}`);
  for (const { name } of old.all("select name from sqlite_master where type = 'table'") as { name: string }[]) {
    const columns = (old.all(`pragma table_info(${name})`) as { name: string }[]).map((column) => `"${column.name}"`);
    for (const row of now.all(`select ${columns.join(", ")} from ${name}`)) {
      old.run(`insert into ${name} values (${columns.map(() => "?").join(", ")})`, Object.values(row ?? {}));
    }
  }
  now.close();
  for (const [task_id, map_index] of open) {
    const task = "(select task_no from task where task_id = ?)";
    old.run(`delete from task_instance where task_no = ${task} and map_index = ?`, [task_id, map_index]);
  }
  old.exec(`update run set state = 'running', "end" = null`);
  old.close();
  rmSync(`${file}.new`);
  writeOldFile(path.join(dir, RUN_FILES.state), steps);
}

function writeOldFile(file: string, steps: number): void {
  const { summary } = JSON.parse(readFileSync(file, "utf8")) as RunFileText;
  const { run_type: _type, data_interval_start: _from, data_interval_end: _to, ...first } = summary;
  const known = steps === 1 ? first : summary;
  // No process has this number: it is above every system's limit.
  const old: RunFileText = { summary: { ...known, state: "running", end: null }, pid: 2 ** 30 };
  writeFileSync(file, JSON.stringify(old));
}
