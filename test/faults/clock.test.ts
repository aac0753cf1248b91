import { describe, expect, it } from "vitest";
import type { RunEvent } from "#core/model/runEvent.js";
import { ManualClock } from "../../runtime/src/engine/clock.js";
import { Project, dagSource, start } from "../runtime/support/project.js";
import { until } from "../support/until.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** How often instances were told to wait in that state. */
function waits(events: readonly RunEvent[], state: string): number {
  const changes = events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
  return changes.filter((change) => change.state === state).length;
}

describe.each([
  ["back", -DAY],
  ["forward", DAY],
])("a clock that is set %s by a day while a run waits", (_, jump) => {
  it("neither shortens nor lengthens the pause before another try", async () => {
    const clock = new ManualClock(Date.now());
    const events: RunEvent[] = [];
    const work = `const work = task({ task_id: "work", retries: 1, retry_delay: "10m" }, (_: object, { ti }) => {
      if (ti.try_number === 1) throw new Error("once");
    });`;
    const project = new Project({ "dag.ts": dagSource(work, "work({});") });
    const { run_id, done } = await start(project, { clock, onEvent: (event) => events.push(event) });
    await until(() => waits(events, "up_for_retry") === 1);
    clock.set(clock.now() + jump);
    clock.advance(10 * MINUTE - 1);
    expect(clock.pending).toHaveLength(1);
    clock.advance(1);
    expect(await done).toMatchObject({ state: "success" });
    expect(project.history().instance(run_id, "work", -1).try_number).toBe(2);
  });

  it("neither ends a sensor before its time nor lets it wait for longer", async () => {
    const clock = new ManualClock(Date.now());
    const events: RunEvent[] = [];
    const look = `const look = task.sensor({ task_id: "look", mode: "reschedule", poke_interval: "10m", timeout: "25m" }, () => false);`;
    const project = new Project({ "dag.ts": dagSource(look, "look();") });
    const { run_id, done } = await start(project, { clock, onEvent: (event) => events.push(event) });
    for (const count of [1, 2, 3]) {
      await until(() => waits(events, "up_for_reschedule") === count);
      clock.set(clock.now() + jump);
      clock.advance(10 * MINUTE - 1);
      expect(clock.pending).toHaveLength(1);
      clock.advance(1);
    }
    expect(await done).toMatchObject({ state: "failed" });
    expect(waits(events, "up_for_reschedule")).toBe(3);
    const { error, duration_ms } = project.history().instance(run_id, "look", -1);
    expect(error?.code).toBe("sensor-timeout");
    expect(duration_ms).toBeGreaterThanOrEqual(0);
  });

  it("does not move the end of what the run may take", async () => {
    const clock = new ManualClock(Date.now());
    const events: RunEvent[] = [];
    const work = `const work = task({ task_id: "work", retries: 1, retry_delay: "5h" }, () => { throw new Error("boom"); });`;
    const source = dagSource(work, "work();").replace("{ dag_id", `{ dagrun_timeout: "2h", dag_id`);
    const project = new Project({ "dag.ts": source });
    const { done } = await start(project, { clock, onEvent: (event) => events.push(event) });
    await until(() => waits(events, "up_for_retry") === 1);
    clock.set(clock.now() + jump);
    clock.advance(120 * MINUTE - 1);
    expect(clock.pending).toHaveLength(1);
    clock.advance(1);
    expect(await done).toMatchObject({ state: "failed", error: { code: "dagrun-timeout" } });
  });
});
