import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { isAlive } from "../../runtime/src/store/isAlive.js";
import { type BackfillArgs, backfill, dailyDag, outcomes, planOf } from "./support/backfill.js";
import { startBackfill } from "../../runtime/src/engine/backfill.js";
import { Project } from "./support/project.js";

const DAYS: BackfillArgs = { from: "2024-01-01", to: "2024-01-04" };
/** One worker, one run after the other: whoever runs in the second run was in the first, or was started for it. */
const ONE = { each: { parallelism: 1 }, max_active_runs: 1 };

interface Run {
  readonly run_id: string;
  /** Of the task `who`. */
  readonly pid: unknown;
  readonly log: string;
}

async function runsOf(project: Project, options: Parameters<typeof backfill>[2] = ONE): Promise<readonly Run[]> {
  const { runs } = await backfill(project, DAYS, options);
  expect(runs.map(({ state }) => state)).toEqual(["success", "success", "success", "success"]);
  const history = project.history();
  return runs.map(({ run_id }) => {
    if (run_id === null) throw new Error("it was not started");
    return { run_id, pid: history.xcom(run_id, "who"), log: history.log(run_id, "who", -1) };
  });
}

function dagWith(definitions: string, body: string, args = ""): Project {
  return new Project({ "dag.ts": dailyDag(definitions, body, args) });
}

/** Its process, and what the run is told of itself. */
const WHO = `const who = task({ task_id: "who" }, (_: object, { run_id, ds }) => {
  console.log(ds);
  console.error(run_id);
  return process.pid;
});`;

describe("a backfill", () => {
  it("has its workers run one interval after the other, each with its own log, facts and results", async () => {
    const runs = await runsOf(dagWith(WHO, "who();"));
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(1);
    expect(runs.map(({ log }) => log)).toEqual(
      runs.map(({ run_id }, day) => `2024-01-0${String(day + 1)}\n${run_id}\n`),
    );
  });

  it("ends them when it ends", async () => {
    const runs = await runsOf(dagWith(WHO, "who();"));
    expect(runs.map(({ pid }) => isAlive(Number(pid), null))).toEqual([false, false, false, false]);
  });

  it("lets those leave that no run wants for ten seconds", async () => {
    const project = dagWith(
      `const list = task({ task_id: "list" }, (_: object, { ds }) => ds === "2024-01-01" ? [1, 2] : [1]);
const who = task({ task_id: "who" }, async (_: { x: number }, { ds }) => {
  await new Promise((resolve) => setTimeout(resolve, ds === "2024-01-02" ? 13_000 : 400));
  return process.pid;
});`,
      "who.expand({ x: list() });",
    );
    const alive: boolean[] = [];
    const history = project.history();
    const { runs } = await backfill(
      project,
      { from: "2024-01-01", to: "2024-01-02" },
      {
        ...{ each: { parallelism: 2 }, max_active_runs: 1 },
        onEnd: ({ run_id }) => {
          const [first = run_id] = history
            .runs({})
            .map((run) => run.run_id)
            .toSorted();
          const pids = history.xcom(first ?? "", "who") as readonly number[];
          alive.push(...pids.map((pid) => isAlive(pid, null)));
        },
      },
    );
    expect(runs.map(({ state }) => state)).toEqual(["success", "success"]);
    // After the first run both wait for the next one; after the second only the one that it had.
    expect(alive.toSorted()).toEqual([false, true, true, true]);
  });

  it("ends them when it is cancelled between two runs", async () => {
    const project = dagWith(WHO, "who();");
    const ends: (() => void)[] = [];
    const handle = startBackfill(await planOf(project, DAYS), { ...ONE, onEnd: () => ends.shift()?.() });
    ends.push(() => handle.cancel());
    const { runs, cancelled } = await handle.done;
    expect({ cancelled, states: runs.map(({ state }) => state) }).toEqual({ cancelled: true, states: ["success"] });
    const pid = project.history().xcom(runs[0]?.run_id ?? "", "who");
    expect(isAlive(Number(pid), null)).toBe(false);
  });

  it("keeps what the worker of an instance that died leaves to the instance", async () => {
    const project = dagWith(
      `${WHO}
const die = task({ task_id: "die", trigger_rule: "all_done" }, (_: object, { ds }) => {
  console.log("before");
  if (ds === "2024-01-02") process.abort();
});`,
      "chain(who(), die());",
    );
    const result = await backfill(project, DAYS, ONE);
    expect(outcomes(result)).toEqual([
      "2024-01-01 success",
      "2024-01-02 failed",
      "2024-01-03 success",
      "2024-01-04 success",
    ]);
    const history = project.history();
    const [first, second, third] = result.runs.map(({ run_id }) => run_id ?? "");
    const died = history.instance(second ?? "", "die", -1);
    expect(died.error?.code).toBe("worker-died");
    expect(history.log(first ?? "", "die", -1)).toBe("before\n");
    expect(history.log(second ?? "", "die", -1).startsWith("before\n")).toBe(true);
    expect(history.log(third ?? "", "die", -1)).toBe("before\n");
  });

  it("goes on with the code as it is when a run begins", async () => {
    const definitions = `${WHO}
const edit = task({ task_id: "edit" }, (_: object, { ds }) => ds === "2024-01-02" && change());`;
    const change = `import { readFileSync, writeFileSync } from "node:fs";
function change() {
  const file = import.meta.filename;
  writeFileSync(file, readFileSync(file, "utf8").replace(/^  console.log.ds.;$/m, "  console.log('changed');"));
}
`;
    const project = dagWith(definitions, "edit(); who();");
    const file = project.path("dag.ts");
    writeFileSync(file, change + readFileSync(file, "utf8"));
    const runs = await runsOf(project);
    expect(runs.map(({ log }) => log.split("\n")[0])).toEqual(["2024-01-01", "2024-01-02", "changed", "changed"]);
    const [first, second, third, fourth] = runs.map(({ pid }) => pid);
    expect([first === second, second === third, third === fourth]).toEqual([true, false, true]);
  });
});

describe("a worker is not kept that", () => {
  it.each([
    ["has a timer", "setInterval(() => undefined, 1000);"],
    ["has a server", `createServer().listen(0, "127.0.0.1");`],
    ["has a child", `spawn("sleep", ["60"]);`],
    ["has a thread", `new Worker("setInterval(() => undefined, 1000)", { eval: true });`],
  ])("%s", async (_name, leave) => {
    const definitions = `import { createServer } from "node:net";
import { spawn } from "node:child_process";
import { Worker } from "node:worker_threads";
const who = task({ task_id: "who" }, async () => {
  ${leave}
  await new Promise((resolve) => setTimeout(resolve, 20));
  return process.pid;
});`;
    const runs = await runsOf(dagWith(definitions, "who();"));
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(4);
  });

  it("holds much of the memory that it may take", async () => {
    const project = dagWith(
      `const kept: Buffer[] = [];
const who = task({ task_id: "who" }, () => {
  kept.push(Buffer.alloc(120 * 2 ** 20, 1));
  return process.pid;
});`,
      "who();",
    );
    project.write({ "fanout.config.json": JSON.stringify({ workerMemoryMb: 300 }) });
    const runs = await runsOf(project);
    expect(new Set(runs.map(({ pid }) => pid)).size).toBe(4);
  });
});

describe("an instance that goes on when its run is over", () => {
  // Nothing that its process would have to wait for.
  const late = (ms: number, work: string): string =>
    `if (ds === "2024-01-01") setTimeout(() => { ${work} }, ${String(ms)}).unref();`;

  it("writes nothing into a run that has its process", async () => {
    const project = dagWith(
      `const who = task({ task_id: "who" }, async (_: object, { ds, ti }) => {
  ${late(300, `ti.xcom_push({ key: "late", value: ds });`)}
  if (ds !== "2024-01-01") await new Promise((resolve) => setTimeout(resolve, 600));
  return process.pid;
});`,
      "who();",
    );
    const runs = await runsOf(project);
    expect(runs[1]?.pid).toBe(runs[0]?.pid);
    const history = project.history();
    expect(runs.map(({ run_id }) => history.xcom(run_id, "who", undefined, "late"))).toEqual([null, null, null, null]);
    expect(runs[1]?.log).toContain(runs[0]?.run_id);
  });

  it("blocks nobody who would get its process", async () => {
    const project = dagWith(
      `const busy = ${JSON.stringify(new Project().path("busy"))};
const list = task({ task_id: "list" }, (_: object, { ds }) => ds === "2024-01-02" ? [1] : [1, 2]);
const who = task({ task_id: "who" }, async (_: { x: number }, { ds }) => {
  if (ds === "2024-01-02") writeFileSync(busy, String(process.pid));
  await new Promise((resolve) => setTimeout(resolve, 500));
  ${late(300, `while (Number(readFileSync(busy, "utf8")) !== process.pid);`)}
});`,
      "who.expand({ x: list() });",
    );
    const file = project.path("dag.ts");
    const imports = `import { readFileSync, writeFileSync } from "node:fs";\n`;
    writeFileSync(file, imports + readFileSync(file, "utf8"));
    const result = await backfill(project, DAYS, { each: { parallelism: 2 }, max_active_runs: 1 });
    expect(result.runs.map(({ state }) => state)).toEqual(["success", "success", "success", "success"]);
  });
});

describe("a callback of the DAG", () => {
  const who = `const who = task({ task_id: "who" }, async () => {
  console.log(process.cwd());
  await new Promise((resolve) => setTimeout(resolve, 300));
  return process.pid;
});`;

  it("moves no later run to another folder", async () => {
    const runs = await runsOf(dagWith(who, "who();", `on_success_callback: () => process.chdir("/")`));
    expect(new Set(runs.map(({ pid, log }) => `${String(pid)} ${log}`)).size).toBe(1);
  });

  it("that throws late fails no later run", async () => {
    const callback = `({ ds }) => {
  if (ds === "2024-01-01") setTimeout(() => { throw new Error("late"); }, 150).unref();
}`;
    const [first, second, third] = await runsOf(dagWith(who, "who();", `on_success_callback: ${callback}`));
    expect(second?.pid).toBe(first?.pid);
    expect(second?.log).toContain(first?.run_id);
    expect(third?.pid).not.toBe(first?.pid);
  });
});

it("a callback of the DAG is made though its process leaves because of an earlier run", async () => {
  const project = dagWith(
    `const who = task({ task_id: "who" }, async (_: object, { ds }) => {
  if (ds === "2024-01-01") setTimeout(() => { throw new Error("late"); }, 200).unref();
  else await new Promise((resolve) => setTimeout(resolve, 400));
  return process.pid;
});`,
    "who();",
    `on_success_callback: ({ ds }) => console.log("told", ds)`,
  );
  const runs = await runsOf(project);
  const logs = runs.map(({ run_id }) => project.history().dagLog(run_id));
  expect(logs).toEqual(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"].map((ds) => `told ${ds}\n`));
});

it("runs that wait for their turn start no workers for it", async () => {
  const project = dagWith(
    `const who = task({ task_id: "who" }, async () => {
  await new Promise((resolve) => setTimeout(resolve, 250));
  return process.pid;
});`,
    "who();",
  );
  const { runs } = await backfill(project, { from: "2024-01-01", to: "2024-01-08" }, { each: { parallelism: 1 } });
  const history = project.history();
  expect(new Set(runs.map(({ run_id }) => history.xcom(run_id ?? "", "who"))).size).toBe(1);
  expect(runs.map(({ run_id }) => readdirSync(path.join(project.home, "runs", run_id ?? "", "logs")))).toEqual(
    runs.map(() => ["w0.log"]),
  );
});

it("a graph that is another one now is found out by the next run but one", async () => {
  const project = dagWith(
    `import { readFileSync, writeFileSync } from "node:fs";
const tasks = (JSON.parse(readFileSync("tasks.json", "utf8")) as string[]).map((task_id) =>
  task({ task_id }, (_: object, { ds }) => {
    if (ds === "2024-01-02") writeFileSync("tasks.json", '["a", "b"]');
    // So that the run that follows needs a worker of its own.
    setInterval(() => undefined, 1000);
  }));`,
    "for (const one of tasks) one({});",
  );
  // The worker has the folder of this process.
  const tasks = project.path("tasks.json");
  const file = project.path("dag.ts");
  writeFileSync(file, readFileSync(file, "utf8").replaceAll('"tasks.json"', JSON.stringify(tasks)));
  writeFileSync(tasks, '["a"]');
  const { runs } = await backfill(project, DAYS, ONE);
  expect(runs.map(({ state, error }) => error?.code ?? state)).toEqual([
    "success",
    "success",
    "graph-not-deterministic",
    "success",
  ]);
});

it("what an instance of an earlier run throws late fails nobody, and is told where somebody looks", async () => {
  // It is no timer that the process would have to wait for.
  const definitions = `const who = task({ task_id: "who" }, async (_: object, { ds }) => {
  if (ds === "2024-01-01") setTimeout(() => { throw new Error("late"); }, 300).unref();
  else await new Promise((resolve) => setTimeout(resolve, 600));
  return process.pid;
});`;
  const [first, second, third] = await runsOf(dagWith(definitions, "who();"));
  expect(second?.pid).toBe(first?.pid);
  expect(third?.pid).not.toBe(first?.pid);
  expect(second?.log).toContain(first?.run_id);
  expect(second?.log).toContain("dag.ts:");
});

it("runs side by side wait for each other's workers instead of starting more and more", async () => {
  const project = dagWith(WHO, "who();");
  const { runs } = await backfill(project, { from: "2024-01-01", to: "2024-01-20" }, { each: { parallelism: 2 } });
  const history = project.history();
  const pids = new Set(runs.map(({ run_id }) => history.xcom(run_id ?? "", "who")));
  // One more for each pause in which none came back.
  expect(pids.size).toBeLessThan(runs.length / 2);
});
