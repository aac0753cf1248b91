import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, test } from "vitest";
import type { InstanceDetails, RunRecord } from "#core/model/run.js";
import { type Ended, runCli, tempProject } from "./support/cliProcess.js";

const { dir, remove } = tempProject({
  "given.json": "[1, 2, 3]",
  "some.dag.ts": `import { readFileSync } from "node:fs";
import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => JSON.parse(readFileSync("given.json", "utf8")) as number[]);
const work = task({ task_id: "work" }, ({ x }: { x: number }) => "r".repeat(x * 1_000_000));
export default dag({ dag_id: "some", schedule: null }, () => { work.expand({ x: list() }); });
`,
});
afterAll(remove);

/** The commands that are proposed at the end of what a run printed. */
function proposed({ stdout }: Ended): string[][] {
  const commands = [...stdout.matchAll(/^ {2}fanout (.+?)(?: {2,}|$)/gm)].map(([, command = ""]) => command.split(" "));
  expect(commands).not.toEqual([]);
  return commands;
}

async function jsonOf(...args: string[]): Promise<unknown> {
  return JSON.parse((await runCli([...args, "--format", "json"], dir)).stdout);
}

test("what is proposed can be done, and is about what has just run", async () => {
  const first = await runCli(["run", "some.dag.ts", "--task", "work", "--map-index", "2"], dir);
  for (const command of proposed(first)) {
    expect(await runCli(command, dir)).toMatchObject({ code: 0, stderr: "" });
    expect(await jsonOf("show", ...command.slice(1))).toMatchObject({ map_index: 2, state: "success" });
  }
  await runCli(["run", "some.dag.ts"], dir);
  const [newest, older] = (await jsonOf("runs")) as RunRecord[];

  const again = await runCli(["clear", older?.run_id ?? "", "work", "--map-index", "2", "--yes"], dir);
  for (const command of proposed(again)) {
    expect((await jsonOf("show", ...command.slice(1))) as InstanceDetails).toMatchObject({ run_id: older?.run_id });
  }

  writeFileSync(path.join(dir, "given.json"), "[]");
  const emptied = await runCli(["clear", newest?.run_id ?? "", "list", "--yes"], dir);
  for (const command of proposed(emptied)) expect(await runCli(command, dir)).toMatchObject({ code: 0, stderr: "" });
});

test("a result of megabytes is told in part, with the command that prints all of it", async () => {
  writeFileSync(path.join(dir, "given.json"), "[1]");
  await runCli(["run", "some.dag.ts"], dir);
  const { stdout } = await runCli(["show", "latest", "work", "--map-index", "0"], dir);
  expect(stdout.length).toBeLessThan(5000);
  const [, command = ""] = /'fanout (xcom [^']+)'/.exec(stdout) ?? [];
  expect((await runCli(command.split(" "), dir)).stdout.length).toBeGreaterThan(1_000_000);
});
