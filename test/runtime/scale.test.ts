import { mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { RunRecord } from "#core/model/run.js";
import { priorityWeights } from "../../runtime/src/engine/dispatchRules.js";
import type { PlanTask } from "../../runtime/src/engine/plan.js";
import { openHistory } from "../../runtime/src/store/history.js";
import { RUN_FILES, createRunFolder, writeRunFile } from "../../runtime/src/store/runFolder.js";
import { campaign, isSmall } from "../support/campaign.js";
import { taskPolicy } from "../support/planTasks.js";
import { Project, runDag, runToEnd } from "./support/project.js";

/** In full they take minutes. */
const LONG = { timeout: 600_000 };

describe("many tasks", LONG, () => {
  const [tasks, instances] = campaign({ small: [20, 5], middle: [100, 20], full: [1000, 100] });

  it("each mapped over a list run all of their instances", async () => {
    const finished = await runDag(
      `const list = task({ task_id: "list" }, () => Array.from({ length: ${instances} }, (_, index) => index));`,
      `const xs = list();
       for (let n = 0; n < ${tasks}; n++) task({ task_id: "work_" + n }, ({ x }: { x: number }) => x + n).expand({ x: xs });`,
    );
    expect(finished.result.state).toBe("success");
    const counts = finished.run.tasks.slice(1).map((task) => task.counts.success);
    expect(counts).toEqual(Array.from({ length: tasks }, () => instances));
    expect(finished.xcom(`work_${tasks - 1}`, instances - 1)).toBe(tasks - 1 + instances - 1);
  });
});

describe("a long chain", LONG, () => {
  const length = campaign({ small: 100, middle: 1000, full: 5000 });

  it("runs to its end, each task once and behind the one before", async () => {
    const finished = await runDag(
      `const next = task({ task_id: "next" }, ({ x }: { x: number }) => x + 1);`,
      `let last = next({ x: 0 });
       for (let n = 1; n < ${length}; n++) last = next({ x: last });`,
    );
    expect(finished.result.state).toBe("success");
    expect(finished.xcom(`next__${length - 1}`)).toBe(length);
    expect(finished.run.tasks.every(({ instances }) => instances[0]?.try_number === 1)).toBe(true);
  });

  it("is read from a history that nobody writes with one look at its graph", async () => {
    const { run_id, history } = await runDag(`const one = task({ task_id: "one" }, () => 1);`, `one(); one();`);
    // What a report asks for with every instance of 5,000 tasks.
    expect(history.model(run_id)).toBe(history.model(run_id));
  });

  it("weighs as much as what comes behind or before, however that is found", () => {
    const chance = (seed: number): number => Math.abs(Math.sin(seed * 99.7)) % 1;
    const size = 60;
    const tasks = Array.from({ length: size }, (_, position): PlanTask => {
      const rules = ["downstream", "upstream", "absolute"] as const;
      const policy = taskPolicy({ priority_weight: 1 + (position % 7), weight_rule: rules[position % 3] });
      const place = { task_id: `t${position}`, group: null, upstream: [], downstream: [], axes: null, fingerprint: "" };
      return { ...policy, ...place };
    });
    const edges = tasks.flatMap((_, to) =>
      tasks.flatMap((_, from) => {
        // Chains with branches here and there.
        const isNext = from === to - 1 && chance(to) > 0.1;
        return from < to && (isNext || chance(from * 61 + to) > 0.985) ? [{ from, to }] : [];
      }),
    );
    const linked = tasks.map((task, position) => ({
      ...task,
      upstream: edges.flatMap(({ from, to }) => (to === position ? [from] : [])),
      downstream: edges.flatMap(({ from, to }) => (from === position ? [to] : [])),
    }));
    const all = (from: number, direction: "upstream" | "downstream"): Set<number> => {
      const found = new Set([from]);
      for (const position of found) for (const next of linked[position]?.[direction] ?? []) found.add(next);
      return found;
    };
    const expected = linked.map(({ weight_rule, priority_weight }, position) =>
      weight_rule === "absolute"
        ? priority_weight
        : [...all(position, weight_rule)].reduce((sum, one) => sum + (linked[one]?.priority_weight ?? 0), 0),
    );
    expect(priorityWeights({ tasks: linked })).toEqual(expected);
  });
});

describe.skipIf(isSmall)("a reduce", LONG, () => {
  const [count, kilobytes] = campaign({ small: [10, 1], middle: [300, 1000], full: [100_000, 10] });

  it("goes through more results than its process may take memory, and shows the first of them", async () => {
    const project = new Project({
      "fanout.config.json": JSON.stringify({ workerMemoryMb: 256 }),
      "dag.ts": `import { dag, task } from "fanout";
        const list = task({ task_id: "list" }, () => Array.from({ length: ${count} }, (_, index) => index));
        const work = task({ task_id: "work" }, ({ x }: { x: number }) => String(x).padEnd(${kilobytes * 1000}, "."));
        const total = task({ task_id: "total" }, ({ xs }: { xs: readonly string[] }) => {
          let length = 0;
          for (const x of xs) length += x.length;
          return length;
        });
        export default dag({ dag_id: "d" }, () => { total({ xs: work.expand({ x: list() }) }); });`,
    });
    const finished = await runToEnd(project, { maxMapLength: count });
    expect(finished.result).toEqual({ state: "success", cancelled: false });
    expect(finished.xcom("total")).toBe(count * kilobytes * 1000);
    const shown = finished.instance("total").rendered?.["xs"] as readonly string[];
    expect(shown[0]?.startsWith("0.")).toBe(true);
    expect(shown).toHaveLength(Math.min(count, 1001));
  });
});

describe("a long history", LONG, () => {
  const runs = campaign({ small: 200, middle: 2000, full: 10_000 });

  it("is listed from its index alone, the newest first", () => {
    const project = new Project();
    mkdirSync(project.home);
    const ids = Array.from({ length: runs }, (_, index) => {
      const date = new Date(Date.UTC(2022, 3, 2) + index * 60_000).toISOString();
      const moments = { run_type: "manual", logical_date: date } as const;
      const interval = { data_interval_start: date, data_interval_end: date };
      const { run_id, dir } = createRunFolder(project.home, moments);
      const ended = { state: "success", start: date, end: date, stopped: null, resumable: false } as const;
      writeRunFile(dir, { run_id, dag_id: "d", ...moments, ...interval, ...ended } satisfies RunRecord);
      return run_id;
    });
    const fileOf = (run_id: string): string => project.path(`.fanout/runs/${run_id}/${RUN_FILES.state}`);
    // A time that a file system keeps as it is.
    const asWritten = (run_id: string): void => utimesSync(fileOf(run_id), 1_700_000_000, 1_700_000_000);
    ids.forEach(asWritten);
    const newest = ids.toReversed();
    expect(
      openHistory(project.home)
        .runs()
        .map(({ run_id }) => run_id),
    ).toEqual(newest);
    // Nothing of what the runs' own files say is needed any more.
    for (const run_id of ids) {
      writeFileSync(fileOf(run_id), "");
      asWritten(run_id);
    }
    const listed = openHistory(project.home).runs({ limit: 50 });
    expect(listed.map(({ run_id }) => run_id)).toEqual(newest.slice(0, 50));
    expect(readFileSync(project.path(".fanout/index.ndjson"), "utf8").trim().split("\n")).toHaveLength(runs);
  });
});
