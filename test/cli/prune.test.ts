import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { RunRecord } from "#core/model/run.js";
import { until } from "../support/until.js";
import { type Started, runCli, startCli, tempProject } from "./support/cliProcess.js";

/** It never ends where it is told to stay. */
const dagOf = (dag_id: string): string => `import { writeFileSync } from "node:fs";
import { dag, task } from "fanout";
const one = task({ task_id: "one" }, async () => {
  writeFileSync("running.txt", "");
  while (process.env["FANOUT_STAY"]) await new Promise((resolve) => setTimeout(resolve, 1000));
});
export default dag({ dag_id: "${dag_id}", schedule: null }, () => {
  one();
});
`;

const project = tempProject({ "first.dag.ts": dagOf("first"), "second.dag.ts": dagOf("second") });
const { dir } = project;
const home = path.join(dir, ".fanout");
let live: Started;

/** The oldest run is still under way; behind it came two of the same DAG and one of another. */
beforeAll(async () => {
  live = startCli(["run", "first.dag.ts"], dir, { FANOUT_STAY: "1" });
  await until(() => existsSync(path.join(dir, "running.txt")));
  for (const file of ["first", "second", "first"]) await runCli(["run", `${file}.dag.ts`], dir);
});

afterAll(async () => {
  live.child.kill("SIGKILL");
  await live.ended;
  project.remove();
});

async function runs(): Promise<readonly RunRecord[]> {
  return JSON.parse((await runCli(["runs", "--format", "json"], dir)).stdout) as RunRecord[];
}

test("prune removes what is older than the newest of each DAG, and never what is under way", async () => {
  const [newest, second, older, underWay, ...others] = await runs();
  expect(others).toEqual([]);
  expect(underWay).toMatchObject({ dag_id: "first", state: "running" });

  const unasked = await runCli(["runs", "prune", "--keep", "1"], dir);
  expect(unasked).toMatchObject({ code: 2, stdout: "" });
  expect(unasked.stderr).toContain(older?.run_id);
  expect(unasked.stderr).toContain("error invalid-option  ");
  expect(await runs()).toHaveLength(4);

  const other = await runCli(["runs", "prune", "--keep", "1", "--dag-id", "second", "--yes", "--format", "json"], dir);
  expect(other).toMatchObject({ code: 0, stdout: "[]\n" });

  // What an earlier call did not live to remove.
  const left = path.join(home, "removed-some");
  mkdirSync(left);
  writeFileSync(path.join(left, "run.db"), "");
  const pruned = await runCli(["runs", "prune", "--keep", "1", "--yes", "--format", "json"], dir);
  expect(pruned.code).toBe(0);
  expect(JSON.parse(pruned.stdout)).toEqual([older]);
  expect(await runs()).toEqual([newest, second, underWay]);
  expect(readdirSync(path.join(home, "runs")).sort()).toEqual(
    [newest, second, underWay].map((run) => run?.run_id).sort(),
  );
  expect(readdirSync(home).filter((name) => name.startsWith("removed-"))).toEqual([]);

  expect((await runCli(["cancel", underWay?.run_id ?? ""], dir)).code).toBe(0);
  await live.ended;
  expect((await runCli(["runs", "prune", "--keep", "0", "--yes"], dir)).stdout).toMatch(/^Removed 3 runs/);
  expect(await runs()).toEqual([]);
  expect((await runCli(["show", newest?.run_id ?? ""], dir)).stderr).toContain("error unknown-run  ");
});

test("prune needs to be told how many stay, and a folder without runs is no mistake", async () => {
  expect((await runCli(["runs", "prune"], dir)).code).toBe(2);
  const empty = tempProject();
  expect(await runCli(["runs", "prune", "--keep", "1"], empty.dir)).toMatchObject({ code: 0, stderr: "" });
  empty.remove();
});
