import type { InstanceChange, RunEvent } from "#core/model/runEvent.js";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../runtime/src/engine/clock.js";
import type { RunHandle, RunOptions } from "../../runtime/src/engine/startRun.js";
import { Project, dagSource, runDag, start, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const MINUTE = 60_000;

/** Counts how often it was called, over processes: `looks("name")` is the number of this call, from 1. */
const LOOKS = `import { BaseSensorOperator, PokeReturnValue } from "fanout";
  import { appendFileSync, readFileSync } from "node:fs";
  const looks = (name: string) => { appendFileSync(LOOKS_IN + name, "+"); return readFileSync(LOOKS_IN + name, "utf8").length; };`;

function sensorProject(definitions: string, body: string): Project {
  const project = new Project();
  const place = `const LOOKS_IN = ${JSON.stringify(`${project.folder}/looks-`)};`;
  project.write({ "dag.ts": dagSource(`${place}\n${LOOKS}\n${definitions}`, body) });
  return project;
}

/** A run whose time a test turns. */
class TurnedRun {
  readonly clock = new ManualClock(Date.now());
  readonly events: RunEvent[] = [];

  private constructor(readonly project: Project) {}

  static async start(
    project: Project,
    options: Partial<RunOptions> = {},
  ): Promise<{ turned: TurnedRun; handle: RunHandle }> {
    const turned = new TurnedRun(project);
    const { clock, events } = turned;
    const handle = await start(project, { clock, onEvent: (event) => events.push(event), ...options });
    return { turned, handle };
  }

  /** Every time that an instance was told to look again. */
  get waits(): InstanceChange[] {
    const changes = this.events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    return changes.filter(({ state }) => state === "up_for_reschedule");
  }

  /** Waits until it has been told so often, then lets the time pass until something is due. Returns how long. */
  async next(count: number): Promise<number> {
    await until(() => this.waits.length === count);
    const [due = 0] = this.clock.pending;
    const pause = due - this.clock.now();
    this.clock.advance(pause);
    return pause;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("§2.2 task.sensor", () => {
  it.each(["poke", "reschedule"])("looks until it returns true, which is no result (%s)", async (mode) => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "${mode}", poke_interval: 0.01 }, () => looks("a") === 3);
       const after = task({ task_id: "after" }, (inputs: any) => inputs);`,
      `after({ found: wait() } as any);`,
    );
    const handle = await start(project);
    expect((await handle.done).state).toBe("success");
    const history = project.history();
    expect(history.instance(handle.run_id, "wait", -1)).toMatchObject({ state: "success", try_number: 1, xcom: null });
    expect(history.xcom(handle.run_id, "after")).toEqual({ found: null });
  });

  it.each(["poke", "reschedule"])("gives the xcom_value of a PokeReturnValue that is done (%s)", async (mode) => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "${mode}", poke_interval: 0.01 }, async () => {
         const look = looks("a"); return new PokeReturnValue({ is_done: look === 2, xcom_value: { look } }); });`,
      `wait();`,
    );
    const handle = await start(project);
    await handle.done;
    expect(project.history().xcom(handle.run_id, "wait")).toEqual({ look: 2 });
  });

  it("waits beside other code of its process", async () => {
    const run = await runDag(
      `import { setInterval } from "node:timers"; let ticks = 0;
       const wait = task.sensor({ task_id: "wait", poke_interval: 0.05 }, () => {
         if (ticks === 0) setInterval(() => ticks++, 5).unref(); return ticks > 3; });`,
      `wait();`,
    );
    expect(run.result.state).toBe("success");
  });

  it("looks for each mapped instance by itself", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule", poke_interval: 0.01 }, ({ x }: { x: number }) =>
         new PokeReturnValue({ is_done: looks(String(x)) === x, xcom_value: x * 10 }));`,
      `wait.expand({ x: [1, 2, 3] });`,
    );
    const handle = await start(project);
    expect((await handle.done).state).toBe("success");
    expect(project.history().xcom(handle.run_id, "wait")).toEqual([10, 20, 30]);
  });

  it("is skipped by a SkipException, and fails by any other", async () => {
    const run = await runDag(
      `const skip = task.sensor({ task_id: "skip" }, () => { throw new SkipException("no use"); });
       const fail = task.sensor({ task_id: "fail" }, () => { throw new Error("boom"); });`,
      `skip(); fail();`,
    );
    expect(run.instance("skip").state).toBe("skipped");
    expect(run.instance("fail")).toMatchObject({ state: "failed", error: { code: "task-failed", at: { line: 3 } } });
  });
});

describe("§2.2 sensors that are rescheduled", () => {
  it("wait for poke_interval without process or timer but one, in the same try", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule" }, () => {
         appendFileSync(LOOKS_IN + "pids", process.pid + " "); return looks("a") === 3; });`,
      `wait();`,
    );
    const { turned, handle } = await TurnedRun.start(project);
    const pids = (): number[] => readFileSync(project.path("looks-pids"), "utf8").trim().split(" ").map(Number);
    for (const look of [1, 2]) {
      await until(() => turned.waits.length === look && !pids().some(isAlive));
      expect(turned.clock.pending).toHaveLength(1);
      expect(await turned.next(look)).toBe(MINUTE);
    }
    expect((await handle.done).state).toBe("success");
    for (const { due, try_number } of turned.waits) expect([typeof due, try_number]).toEqual(["number", 1]);
    const instance = project.history().instance(handle.run_id, "wait", -1);
    expect(instance).toMatchObject({ state: "success", try_number: 1 });
  });

  it("leave the only worker to others meanwhile", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule", priority_weight: 9, pool: "one" }, () => looks("other") > 1);
       const other = task({ task_id: "other", pool: "one" }, () => { looks("other"); });`,
      `wait(); other();`,
    );
    project.write({ "fanout.config.json": `{ "pools": { "one": 1 } }` });
    const { turned, handle } = await TurnedRun.start(project, { parallelism: 1 });
    await turned.next(1);
    await handle.done;
    expect(
      project
        .history()
        .show(handle.run_id)
        .tasks.map((task) => states(task)),
    ).toEqual([["success"], ["success"]]);
  });

  it("wait longer every time with exponential_backoff, up to max_wait", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule", exponential_backoff: true, max_wait: "3m" }, () => looks("a") === 5);`,
      `wait();`,
    );
    const { turned, handle } = await TurnedRun.start(project);
    const pauses = [await turned.next(1), await turned.next(2), await turned.next(3), await turned.next(4)];
    expect(pauses).toEqual([MINUTE, 2 * MINUTE, 3 * MINUTE, 3 * MINUTE]);
    expect((await handle.done).state).toBe("success");
  });

  it("fail when their timeout is over since the first look, without another try", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule", timeout: 150, retries: 3 }, () => false);`,
      `wait();`,
    );
    const { turned, handle } = await TurnedRun.start(project);
    for (const look of [1, 2, 3]) await turned.next(look);
    expect((await handle.done).state).toBe("failed");
    const error = { code: "sensor-timeout", at: { file: project.path("dag.ts"), line: 8 } };
    expect(project.history().instance(handle.run_id, "wait", -1)).toMatchObject({
      state: "failed",
      try_number: 1,
      error,
    });
    expect(turned.waits).toHaveLength(3);
  });

  it("have one timeout for all tries together", async () => {
    const project = sensorProject(
      `const wait = task.sensor({ task_id: "wait", mode: "reschedule", timeout: 200, retries: 3, retry_delay: 300 }, () => {
         if (looks("a") === 2) throw new Error("network"); return false; });`,
      `wait();`,
    );
    const { turned, handle } = await TurnedRun.start(project);
    await turned.next(1);
    await until(() => turned.clock.pending.length === 1);
    turned.clock.advance(300_000);
    expect((await handle.done).state).toBe("failed");
    const error = { code: "sensor-timeout" };
    expect(project.history().instance(handle.run_id, "wait", -1)).toMatchObject({
      state: "failed",
      try_number: 2,
      error,
    });
  });
});

describe("§2.2 soft_fail", () => {
  it.each([
    ["the timeout", `timeout: 0.02`, "return false;"],
    ["a FailException", `timeout: 60`, `throw new FailException("gone");`],
    ["the execution_timeout", `execution_timeout: 0.3`, "while (true);"],
  ])("skips instead of failing for %s", async (_, options, body) => {
    const definitions = (soft: boolean): string =>
      `const wait = task.sensor({ task_id: "wait", poke_interval: 0.01, soft_fail: ${String(soft)}, ${options} }, (): boolean => { ${body} });`;
    expect((await runDag(definitions(true), `wait();`)).instance("wait").state).toBe("skipped");
    expect((await runDag(definitions(false), `wait();`)).instance("wait").state).toBe("failed");
  });

  it("is not for other errors", async () => {
    const run = await runDag(
      `const wait = task.sensor({ task_id: "wait", soft_fail: true }, (): boolean => { throw new Error("boom"); });`,
      `wait();`,
    );
    expect(run.instance("wait").state).toBe("failed");
  });
});

describe("§2.2 BaseSensorOperator", () => {
  const CLASS = `class Wait extends BaseSensorOperator<{ name: string; at: number }, string> {
    poke() { return new PokeReturnValue({ is_done: looks(this.args.name) === this.args.at, xcom_value: this.args.name }); } }`;

  it("looks by its poke, also mapped", async () => {
    const project = sensorProject(
      CLASS,
      `new Wait({ task_id: "one", name: "a", at: 2, mode: "reschedule", poke_interval: 0.01 });
       Wait.partial({ task_id: "many", at: 3, poke_interval: 0.01 }).expand({ name: ["b", "c"] });`,
    );
    const handle = await start(project);
    expect((await handle.done).state).toBe("success");
    const history = project.history();
    expect(history.xcom(handle.run_id, "one")).toBe("a");
    expect(history.xcom(handle.run_id, "many")).toEqual(["b", "c"]);
  });
});
