import type { RunEvent } from "#core/model/runEvent.js";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../../runtime/src/engine/clock.js";
import { Project, dagSource, runDag, start } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const MINUTE = 60_000;

/** `ti.try_number` of what is told to wait for another try, in order. */
function waiting(events: readonly RunEvent[]): number[] {
  const changes = events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
  return changes.filter(({ state }) => state === "up_for_retry").map(({ try_number }) => try_number);
}

const failing = (options: string): string =>
  dagSource(
    `const work = task({ task_id: "work", ${options} }, (_: {}, { ti }: any) => { throw new Error("try " + ti.try_number); });`,
    `work();`,
  );

describe("§2.11 retries", () => {
  it.each([
    ["after five minutes where nothing is said", "retries: 2", [5, 5]],
    ["after retry_delay", `retries: 2, retry_delay: "90m"`, [90, 90]],
    [
      "after twice the time with every try",
      `retries: 3, retry_delay: "2m", retry_exponential_backoff: true`,
      [2, 4, 8],
    ],
    [
      "after max_retry_delay at the latest",
      `retries: 3, retry_delay: "2m", retry_exponential_backoff: 3, max_retry_delay: "5m"`,
      [2, 5, 5],
    ],
  ])("follow %s", async (_, options, pauses) => {
    const clock = new ManualClock(Date.now());
    const events: RunEvent[] = [];
    const project = new Project({ "dag.ts": failing(options) });
    const handle = await start(project, { clock, onEvent: (event) => events.push(event) });
    for (const [index, pause] of pauses.entries()) {
      await until(() => waiting(events).length === index + 1);
      expect(clock.pending).toEqual([clock.now() + pause * MINUTE]);
      clock.advance(pause * MINUTE - 1);
      expect(clock.pending).toHaveLength(1);
      clock.advance(1);
    }
    expect(await handle.done).toMatchObject({ state: "failed" });
    expect(waiting(events)).toEqual(pauses.map((_pause, index) => index + 1));
    const last = project.history().instance(handle.run_id, "work", -1);
    expect(last).toMatchObject({ state: "failed", try_number: pauses.length + 1 });
  });

  it("are given up, with their timer, where the run is cancelled meanwhile", async () => {
    const clock = new ManualClock(Date.now());
    const events: RunEvent[] = [];
    const project = new Project({ "dag.ts": failing("retries: 1") });
    const handle = await start(project, { clock, onEvent: (event) => events.push(event) });
    await until(() => waiting(events).length === 1);
    handle.cancel();
    expect(await handle.done).toMatchObject({ state: "failed", cancelled: true });
    expect(clock.pending).toEqual([]);
    const instance = project.history().instance(handle.run_id, "work", -1);
    expect(instance).toMatchObject({ state: "failed", try_number: 1, error: { code: "cancelled" } });
  });

  it("are each instance's own", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", retries: 2, retry_delay: 0 }, ({ x }: { x: number }, { ti }: any) => {
         if (ti.try_number <= x) throw new Error("not yet"); return ti.try_number; });`,
      `work.expand({ x: [0, 1, 2, 3] });`,
    );
    expect(run.task("work").counts).toEqual({ success: 3, failed: 1 });
    expect(run.task("work").instances.map(({ try_number }) => try_number)).toEqual([1, 2, 3, 3]);
  });

  it("never follow a FailException", async () => {
    const run = await runDag(
      `const work = task({ task_id: "work", retries: 5 }, () => { throw new FailException("no use"); });`,
      `work();`,
    );
    expect(run.instance("work")).toMatchObject({ state: "failed", try_number: 1, error: { code: "task-failed" } });
  });
});
