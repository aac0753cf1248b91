import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { RunEvent } from "#core/model/runEvent.js";
import { describe, expect, it } from "vitest";
import { FanoutError } from "../../runtime/src/errors.js";
import { Project, dagSource, runToEnd, start, states } from "./support/project.js";

const source = dagSource(
  `const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: any }) => { console.log("adding", x); return x + y.n; });
   const base = task({ task_id: "base" }, () => ({ n: 100 }));`,
  `add.partial({ y: base() }).expand({ x: [1, 2, 3] });`,
);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (thrown) {
    return FanoutError.is(thrown) ? thrown.code : String(thrown);
  }
  return "nothing was thrown";
}

describe("the history", () => {
  it("lists runs, newest first, by DAG and number, and builds its index anew from the folders", async () => {
    const project = new Project({ "dag.ts": source, "other.ts": source.replace(`"d"`, `"e"`) });
    const logical_date = new Date("2024-01-01T00:00:00Z");
    const ids = [];
    for (const file of ["dag.ts", "other.ts", "dag.ts"]) {
      ids.push((await runToEnd(project, { file: project.path(file), logical_date })).run_id);
    }
    expect(ids).toEqual(["", "__1", "__2"].map((suffix) => `manual__2024-01-01T00-00-00.000Z${suffix}`));
    const history = project.history();
    const list = () => history.runs().map(({ run_id, dag_id, state }) => [run_id, dag_id, state]);
    const all = list();
    expect(all).toEqual([
      [ids[2], "d", "success"],
      [ids[1], "e", "success"],
      [ids[0], "d", "success"],
    ]);
    expect(history.runs({ dag_id: "d", limit: 1 })).toMatchObject([
      { run_id: ids[2], logical_date: logical_date.toISOString() },
    ]);
    const index = path.join(project.home, "index.ndjson");
    rmSync(index);
    expect(list()).toEqual(all);
    expect(readFileSync(index, "utf8").trim().split("\n")).toHaveLength(3);
    writeFileSync(index, "half a li");
    expect(list()).toEqual(all);
    rmSync(path.join(project.home, "runs", ids[1] ?? ""), { recursive: true });
    expect(list()).toEqual([all[0], all[2]]);
  });

  it("shows a run, an instance, its inputs, its log and its result", async () => {
    const project = new Project({ "dag.ts": source });
    const run = await runToEnd(project);
    expect(run.run).toMatchObject({ dag_id: "d", state: "success", file: project.path("dag.ts"), error: null });
    expect(run.run.tasks.map(({ task_id }) => task_id)).toEqual(["base", "add"]);
    expect(run.instance("add", 2)).toMatchObject({
      map_index: 2,
      try_number: 1,
      rendered: { x: 3, y: { n: 100 } },
      xcom: 103,
    });
    expect(run.instance("add", 2).duration_ms).toBeGreaterThan(0);
    expect(run.log("add", 1)).toBe("adding 2\n");
    expect(run.xcom("base")).toEqual({ n: 100 });
    expect(run.history.model(run.run_id).tasks).toHaveLength(2);
  });

  it("refuses what does not exist", async () => {
    const project = new Project({ "dag.ts": source });
    const { history, run_id } = await runToEnd(project);
    for (const other of ["x", "", ".", "..", "../runs", `../runs/${run_id}`]) {
      expect(codeOf(() => history.show(other))).toBe("unknown-run");
    }
    expect(codeOf(() => history.instance(run_id, "no", 0))).toBe("unknown-task");
    for (const index of [3, -1, 0.5, NaN])
      expect(codeOf(() => history.log(run_id, "add", index))).toBe("unknown-map-index");
    expect(codeOf(() => history.xcom(run_id, "base", 0))).toBe("unknown-map-index");
    expect(new Project().history().runs()).toEqual([]);
  });

  it("follows a run that is live, and one whose owner is gone", async () => {
    const project = new Project({
      "dag.ts": dagSource(
        `const quick = task({ task_id: "quick" }, ({ x }: { x: number }) => { console.log("quick", x); return x; });
         const slow = task({ task_id: "slow" }, async ({ list }: any) => { console.log("first"); await new Promise((r) => setTimeout(r, 60_000)); });`,
        `slow({ list: quick.expand({ x: [1, 2, 3] }) });`,
      ),
    });
    const events: RunEvent[] = [];
    const { run_id, dir, ...handle } = await start(project, { onEvent: (event) => events.push(event) });
    while (
      !events.some((event) => event.type === "task_changed" && event.task_id === "slow" && event.state === "running")
    ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const history = project.history();
    expect(history.runs()).toMatchObject([{ run_id, state: "running", end: null }]);
    const live = history.show(run_id);
    expect(live.tasks.map((task) => states(task))).toEqual([["success", "success", "success"], ["running"]]);
    expect(history.xcom(run_id, "quick")).toEqual([1, 2, 3]);
    expect(history.instance(run_id, "slow", -1)).toMatchObject({ rendered: { list: [1, 2, 3] }, xcom: null });
    expect(history.log(run_id, "slow", -1)).toBe("first\n");
    expect(history.log(run_id, "quick", 1)).toBe("quick 2\n");

    const file = path.join(dir, "run.json");
    const owned = readFileSync(file, "utf8");
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(owned) as object), pid: 2 ** 22 + 1 }));
    expect(history.runs()[0]?.state).toBe("failed");
    expect(history.show(run_id)).toMatchObject({ state: "failed", error: { code: "worker-died" } });
    writeFileSync(file, owned);
    handle.cancel();
    await handle.done;
  });
});

describe("the event stream", () => {
  it("is in its file what followers were told, numbered without gaps, and adds up to what the history shows", async () => {
    const project = new Project({ "dag.ts": source });
    const run = await runToEnd(project);
    const lines = readFileSync(path.join(project.home, "runs", run.run_id, "events.ndjson"), "utf8")
      .trim()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(run.events);
    expect(run.events.map(({ seq }) => seq)).toEqual(run.events.map((_, index) => index + 1));
    const last = new Map(
      run.events.flatMap((event) => (event.type === "task_changed" ? [[event.task_id, event.counts] as const] : [])),
    );
    expect(Object.fromEntries(last)).toEqual(
      Object.fromEntries(run.run.tasks.map(({ task_id, counts }) => [task_id, counts])),
    );
    expect(run.events[0]?.type).toBe("run_started");
    expect(run.events.at(-1)?.type).toBe("run_finished");
  });
});
