import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runCli, tempProject } from "./support/cliProcess.js";

const failing = `import { existsSync } from "node:fs";
import { dag, task } from "fanout";
const bad = task({ task_id: "bad" }, () => {
  throw new Error("no");
});
const other = task({ task_id: "other" }, () => {
  if (!existsSync("there")) throw new Error("not there");
});
export default dag({ dag_id: "failing", schedule: null }, () => {
  bad();
  other();
});
`;

test("a failure shows lines of the code that failed, and none of what has come in its place", async () => {
  const { dir, remove } = tempProject({ "failing.dag.ts": failing });
  onTestFinished(remove);
  const file = path.join(dir, "failing.dag.ts");
  const commands = [
    ["show", "latest"],
    ["show", "latest", "bad"],
  ];
  expect((await runCli(["run", "failing.dag.ts"], dir)).stdout).toContain("│   throw new Error(");
  for (const command of commands) expect((await runCli(command, dir)).stdout).toContain("│   throw new Error(");

  writeFileSync(file, readFileSync(file, "utf8").replace(`  throw new Error("no")`, `  console.log("well")`));
  writeFileSync(path.join(dir, "there"), "");
  for (const command of commands) {
    const { stdout } = await runCli(command, dir);
    expect(stdout).toContain("failing.dag.ts:4:9");
    expect(stdout).not.toContain("well");
  }
  // It stays with the run that goes on with other code.
  const { code, stdout } = await runCli(["clear", "latest", "other", "--yes"], dir);
  expect(code).toBe(1);
  expect(stdout).not.toContain("well");
  expect((await runCli(["show", "latest"], dir)).stdout).not.toContain("well");
});
