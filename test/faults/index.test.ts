import { appendFileSync, cpSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "#core/model/run.js";
import { RUN_FILES, createRunFolder, writeRunFile } from "../../runtime/src/store/runFolder.js";
import { addToIndex, readIndex } from "../../runtime/src/store/runIndex.js";
import { Project } from "../runtime/support/project.js";

const INDEX = ".fanout/index.ndjson";

/** A history of runs of which only the files are there. */
class Runs extends Project {
  add(date: string, state: RunRecord["state"] = "success"): string {
    const moments = { run_type: "manual", logical_date: date } as const;
    const { run_id, dir } = createRunFolder(this.home, moments);
    const interval = { data_interval_start: date, data_interval_end: date };
    writeRunFile(dir, {
      run_id,
      dag_id: "d",
      ...moments,
      ...interval,
      state,
      start: date,
      end: date,
      stopped: null,
      resumable: false,
    });
    return run_id;
  }

  end(run_id: string, state: RunRecord["state"]): void {
    const dir = this.path(`.fanout/runs/${run_id}`);
    const { summary } = JSON.parse(readFileSync(`${dir}/${RUN_FILES.state}`, "utf8")) as { summary: RunRecord };
    // The file of another moment, however little time has passed.
    const { mtimeMs } = statSync(`${dir}/${RUN_FILES.state}`);
    writeRunFile(dir, { ...summary, state });
    utimesSync(`${dir}/${RUN_FILES.state}`, mtimeMs / 1000 + 1, mtimeMs / 1000 + 1);
  }

  get states(): Record<string, string> {
    return Object.fromEntries(readIndex(this.home).map(({ run_id, state }) => [run_id, state]));
  }

  get lines(): string[] {
    return readFileSync(this.path(INDEX), "utf8").split("\n").filter(Boolean);
  }
}

describe("the index over all runs", () => {
  it("is made anew from the folders where it is missing", () => {
    const runs = new Runs();
    const [one, two] = [runs.add("2022-04-02T00:00:00.000Z"), runs.add("2022-04-03T00:00:00.000Z", "failed")];
    expect(runs.states).toEqual({ [one]: "success", [two]: "failed" });
    expect(runs.lines).toHaveLength(2);
    rmSync(runs.path(INDEX));
    expect(runs.states).toEqual({ [one]: "success", [two]: "failed" });
    expect(runs.lines).toHaveLength(2);
  });

  it("is not believed where it is older than a run, of whose end its writer could not tell any more", () => {
    const runs = new Runs();
    const run_id = runs.add("2022-04-02T00:00:00.000Z", "failed");
    expect(runs.states).toEqual({ [run_id]: "failed" });
    cpSync(runs.path(INDEX), runs.path("old"));
    runs.end(run_id, "success");
    expect(runs.states).toEqual({ [run_id]: "success" });
    cpSync(runs.path("old"), runs.path(INDEX));
    expect(runs.states).toEqual({ [run_id]: "success" });
    // From here on it is right again, and reading adds nothing to it.
    const { length } = runs.lines;
    expect(runs.states).toEqual({ [run_id]: "success" });
    expect(runs.lines).toHaveLength(length);
  });

  it("outlives half a line, nonsense and runs that are gone", () => {
    const runs = new Runs();
    const [one, two] = [runs.add("2022-04-02T00:00:00.000Z"), runs.add("2022-04-03T00:00:00.000Z")];
    expect(Object.keys(runs.states)).toHaveLength(2);
    writeFileSync(runs.path(INDEX), `null\n[]\n{"run_id":"x"}\n${runs.lines.join("\n").slice(0, -20)}`);
    expect(Object.keys(runs.states).sort()).toEqual([one, two].sort());
    expect(Object.keys(runs.states).sort()).toEqual([one, two].sort());
    rmSync(runs.path(`.fanout/runs/${one}`), { recursive: true });
    expect(Object.keys(runs.states)).toEqual([two]);
  });

  it("takes lines of earlier versions for what they are, and stays short", () => {
    const runs = new Runs();
    const run_id = runs.add("2022-04-02T00:00:00.000Z");
    const [summary] = readIndex(runs.home);
    writeFileSync(runs.path(INDEX), `${JSON.stringify({ ...summary, state: "failed" })}\n`);
    expect(runs.states).toEqual({ [run_id]: "success" });
    for (let line = 0; line < 200; line++) appendFileSync(runs.path(INDEX), "{}\n");
    expect(runs.states).toEqual({ [run_id]: "success" });
    expect(runs.lines).toHaveLength(1);
    if (summary) addToIndex(runs.home, summary);
    expect(runs.states).toEqual({ [run_id]: "success" });
  });
});
