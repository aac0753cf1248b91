import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunAction } from "#core/model/runAction.js";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { readRunFile, writeRunFile } from "../../runtime/src/store/runFolder.js";
import { NotedProject, clear, goOn } from "../runtime/support/notedProject.js";
import { refusalOf, runToEnd } from "../runtime/support/project.js";

const TOLD = `on_success_callback: () => note("told success"), on_failure_callback: () => note("told failure")`;
const DEFINITIONS = `
const list = task({ task_id: "list" }, () => [1, 2]);
const work = task({ task_id: "work", retries: 0 }, ({ x }: { x: number }) => {
  note(\`work \${x}\`);
  if (given().bad) throw new Error("bad");
});
const none = task({ task_id: "none" }, ({ x }: { x: number }) => note(\`none \${x}\`));
const last = task({ task_id: "last" }, async () => {
  note("last");
  if (given().slow) await new Promise((resolve) => setTimeout(resolve, 60_000));
});`;
const BODY = `const xs = list(); chain(work.expand({ x: xs }), last());
none.expand({ x: xs.map((x) => x) }); none.override({ task_id: "fixed" }).expand({ x: [1, 2] });`;

function project(options = ""): NotedProject {
  const made = new NotedProject(DEFINITIONS, BODY);
  const source = readFileSync(made.path("dag.ts"), "utf8");
  const told = source.replace(/dag\(\{/, `dag({ ${TOLD}, ${options}`);
  expect(told).not.toBe(source);
  made.write({ "dag.ts": told });
  return made;
}

/** All that is kept of a run, and that must not change. */
function kept(made: NotedProject, run_id: string): unknown {
  const folder = `.fanout/runs/${run_id}/`;
  const text = (file: string): string => readFileSync(made.path(file), "utf8");
  return [made.history().show(run_id), text(`${folder}run.json`), text(`${folder}events.ndjson`), made.notes()];
}

const MARK: RunAction = { name: "mark", state: "success", selection: { task_id: "work" } };

describe("§2.12 a run of which nothing is left to do", () => {
  it.each<[string, object, string, RunAction | undefined]>([
    ["that ended well", {}, "", undefined],
    ["that failed", { bad: true }, "", undefined],
    ["that failed with its first failure", { bad: true }, "fail_fast: true,", undefined],
    ["that took too long", { slow: true }, "dagrun_timeout: { seconds: 1 },", undefined],
    ["that is marked as it is", {}, "", MARK],
    ["of which nothing is cleared", {}, "", clear({ only_failed: true })],
  ])("%s is refused, and stays as it is", async (_, given, options, action) => {
    const made = project(options);
    made.give(given);
    const { run_id } = await runToEnd(made);
    made.notes();
    const before = kept(made, run_id);
    const { home } = made;
    expect(made.history().runs()).toMatchObject([{ run_id, resumable: false }]);
    expect((await refusalOf(resumeRun({ home, run_id, ...(action && { action }) }))).code).toBe("nothing-to-do");
    expect(kept(made, run_id)).toEqual(before);
  });

  it("is ended all the same where its process was lost before it could say that it had", async () => {
    const made = project();
    const { run_id } = await runToEnd(made);
    const dir = made.path(`.fanout/runs/${run_id}`);
    const summary = readRunFile(dir)?.summary;
    if (summary) writeRunFile(dir, { ...summary, state: "running", end: null });
    await goOn(made, run_id);
    expect(readRunFile(dir)?.summary).toMatchObject({ state: "success", end: expect.any(String) as string });
  });

  it("is that of a part, too", async () => {
    const made = project();
    const { run_id } = await runToEnd(made, { task: "work", map_index: 1 });
    made.notes();
    expect((await refusalOf(resumeRun({ home: made.home, run_id }))).code).toBe("nothing-to-do");
    expect(made.notes()).toEqual([]);
  });

  it("is not one whose state a mark changed, or that has more to do with the code of now", async () => {
    const made = project();
    made.give({ bad: true });
    const { run_id } = await runToEnd(made);
    await goOn(made, run_id, MARK);
    await goOn(made, run_id, clear({ task_id: "last" }));
    made.notes();
    made.write({ "dag.ts": readFileSync(made.path("dag.ts"), "utf8").replace("x: [1, 2]", "x: [1, 2, 3]") });
    expect((await goOn(made, run_id)).result.state).toBe("success");
    expect(made.notes()).toEqual(["none 3", "told success"]);
  });
});
