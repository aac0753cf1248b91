import { describe, expect, it } from "vitest";
import { resumeRun } from "../../runtime/src/engine/resumeRun.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { runToEnd, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const LIST = `const list = task({ task_id: "list" }, () => { note("list"); return given().list; });`;

const WORK = `${LIST}
const work = task({ task_id: "work", retries: 0 }, ({ x }: { x: number }) => { note(\`work \${x}\`); return x * 10; });
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);`;

describe("§2.5 a map that has nothing to map over any more", () => {
  const NOTHING = ["skipped", "removed", "removed", "removed"];

  it("has only removed instances, which give nothing, where only its source was cleared", async () => {
    const project = new NotedProject(WORK, `total({ values: work.expand({ x: list() }) });`);
    project.give({ list: [1, 2, 3] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [] });
    const { run, events } = await goOn(project, run_id, clear({ task_id: "list" }));
    expect(task(run, "work")).toMatchObject({ count: 0, counts: { skipped: 1, removed: 3 } });
    expect(states(task(run, "work"))).toEqual(NOTHING);
    expect(events.findLast(({ type }) => type === "task_expanded")).toMatchObject({ task_id: "work", count: 0 });
    const history = project.history();
    expect(history.xcom(run_id, "work")).toEqual([]);
    // What came after it had ended, and was not cleared.
    expect(states(task(run, "total"))).toEqual(["success"]);
    const again = await goOn(project, run_id, clear({ task_id: "total" }));
    expect(states(task(again.run, "work"))).toEqual(NOTHING);
    project.notes();
    project.give({ list: [7, 8] });
    const grown = await goOn(project, run_id, clear({ task_id: "list", downstream: true }));
    expect(project.notes()).toEqual(["list", "work 7", "work 8"]);
    expect(states(task(grown.run, "work"))).toEqual(["success", "success", "removed"]);
    expect(task(grown.run, "work").instances.map(({ try_number }) => try_number)).toEqual([2, 2, 1]);
    expect(project.history().xcom(run_id, "total")).toBe(2);
  });

  it("leaves nothing to the other tasks of its group either, nor to what maps over its results", async () => {
    const project = new NotedProject(
      `import { task_group, type XComArg } from "fanout";
${WORK}
const one = task({ task_id: "one" }, ({ x }: { x: number }) => x);
const two = task({ task_id: "two" }, ({ x }: { x: number }) => x);
const again = task({ task_id: "again" }, ({ x }: { x: number }) => x);
const both = task_group({ group_id: "both" }, ({ x }: { x: XComArg<number> }) => two({ x: one({ x }) }));`,
      `const xs = list(); both.expand({ x: xs }); again.expand({ x: work.expand({ x: xs }) });`,
    );
    project.give({ list: [1, 2, 3] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [] });
    const { run } = await goOn(project, run_id, clear({ task_id: "list" }));
    for (const task_id of ["both.one", "both.two", "work", "again"]) {
      expect([task_id, states(task(run, task_id))]).toEqual([task_id, NOTHING]);
    }
  });

  it("and is cleared as well has no instance left that could seem to wait", async () => {
    const project = new NotedProject(WORK, `work.expand({ x: list() });`);
    project.give({ list: [1, 2, 3] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [1] });
    const shorter = await goOn(project, run_id, clear({ task_id: "list", downstream: true }));
    expect(states(task(shorter.run, "work"))).toEqual(["success", "removed", "removed"]);
    project.give({ list: [] });
    const nothing = await goOn(project, run_id, clear({ task_id: "list", downstream: true }));
    expect(states(task(nothing.run, "work"))).toEqual(NOTHING);
  });
});

describe("§2.5 instances that a map has no longer", () => {
  it("give nothing to the tasks that run after that, whatever these ask for", async () => {
    const project = new NotedProject(
      `${LIST}
const work = task({ task_id: "work" }, ({ x }: { x: number }, { ti }: any) => {
  ti.xcom_push({ key: "k", value: \`k\${x}\` });
  return x * 10;
});
const pulls = task({ task_id: "pulls" }, ({ values }: { values: readonly number[] }, { ti }: any) => [
  [...values],
  ti.xcom_pull({ task_ids: "work" }),
  ti.xcom_pull({ task_ids: "work", map_indexes: [0, 2], default: "none" }),
  ti.xcom_pull({ task_ids: "work", key: "k" }),
]);
const key = task({ task_id: "key" }, ({ values }: { values: unknown }) => values);`,
      `const all = work.expand({ x: list() }); pulls({ values: all }); key({ values: all.get("k") });`,
    );
    project.give({ list: [0, 1, 2] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [0] });
    await goOn(project, run_id, clear({ task_id: "list" }));
    await goOn(project, run_id, clear({ task_id: "pulls" }));
    await goOn(project, run_id, clear({ task_id: "key" }));
    const history = project.history();
    expect(history.xcom(run_id, "pulls")).toEqual([[0], [0], [0, "none"], ["k0"]]);
    expect(history.xcom(run_id, "key")).toEqual(["k0"]);
    expect(history.instance(run_id, "work", 2)).toMatchObject({ state: "removed", xcom: 20, xcom_keys: ["k"] });
  });
});

describe("§2.5 instances that a map has once more", () => {
  const FLAKY = `${LIST}
const work = task({ task_id: "work", retries: 1, retry_delay: 0 }, async ({ x }: { x: number }, { ti }: any) => {
  note(\`work \${x} in \${ti.try_number} of \${ti.max_tries + 1}\`);
  ti.xcom_push({ key: "k", value: x });
  if (given().bad?.includes(ti.try_number)) throw new Error("bad");
  if (given().hangs) await new Promise((resolve) => setTimeout(resolve, 1_000_000));
  return x;
});`;

  it("go on from the tries that they had, and have all retries", async () => {
    const project = new NotedProject(FLAKY, `work.expand({ x: list() });`);
    project.give({ list: [0, 1, 2], bad: [1] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [0] });
    await goOn(project, run_id, clear({ task_id: "list" }));
    const tries = (): unknown[] => {
      const found = project.history().instance(run_id, "work", 2);
      return found.tries.map(({ try_number, state }) => [try_number, state]);
    };
    const before = [
      [1, "failed"],
      [2, "success"],
    ];
    expect(tries()).toEqual(before);
    project.notes();
    project.give({ list: [0, 1, 2], bad: [3] });
    const { run } = await goOn(project, run_id, clear({ task_id: "list" }));
    expect(project.notes()).toEqual(["list", ...[1, 2].flatMap((x) => [3, 4].map((n) => `work ${x} in ${n} of 4`))]);
    expect(states(task(run, "work"))).toEqual(["success", "success", "success"]);
    expect(task(run, "work").instances.map(({ try_number }) => try_number)).toEqual([2, 4, 4]);
    expect(tries()).toEqual([...before, [3, "failed"], [4, "success"]]);
  });

  it("do so also where the run was stopped before they had run", async () => {
    const project = new NotedProject(FLAKY, `work.expand({ x: list() });`);
    project.give({ list: [0, 1, 2] });
    const { run_id } = await runToEnd(project);
    project.give({ list: [0] });
    await goOn(project, run_id, clear({ task_id: "list" }));
    project.notes();
    project.give({ list: [0, 1, 2], hangs: true });
    const handle = await resumeRun({
      ...{ home: project.home, run_id, parallelism: 1, action: clear({ task_id: "list" }) },
    });
    await until(() => project.notes().some((note) => note.startsWith("work 1")));
    handle.cancel();
    await handle.done;
    project.give({ bad: [2, 3] });
    const { run } = await goOn(project, run_id);
    const ended = task(run, "work").instances.map(({ state, try_number }) => [state, try_number]);
    expect(ended).toEqual([
      ["success", 1],
      ["success", 4],
      ["failed", 3],
    ]);
  });
});

describe("a map that a branch skips when its source runs once more", () => {
  it("keeps the instances that have ended, and no other waits for ever", async () => {
    const project = new NotedProject(
      `${WORK}
const choose = task.branch({ task_id: "choose" }, () => given().chosen);
const other = task({ task_id: "other" }, () => 1);`,
      `const xs = list(); const mapped = work.expand({ x: xs }); chain(xs, choose(), [mapped, other()]);`,
    );
    project.give({ list: [1, 2, 3], chosen: "work" });
    const { run_id } = await runToEnd(project);
    const { home } = project;
    for (const selection of [{ task_id: "work", map_index: 1 }, { task_id: "choose" }]) {
      const handle = await resumeRun({ home, run_id, action: clear(selection) });
      handle.cancel();
      await handle.done;
    }
    project.give({ list: [1, 2, 3], chosen: "other" });
    const { result, run } = await goOn(project, run_id, clear({ task_id: "list" }));
    expect(states(task(run, "work"))).toEqual(["success", "skipped", "success"]);
    expect(result.state).toBe("success");
  });
});
