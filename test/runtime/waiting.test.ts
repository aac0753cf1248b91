import { createHook } from "node:async_hooks";
import { describe, expect, it, onTestFinished } from "vitest";
import type { RunEvent } from "#core/model/runEvent.js";
import { until } from "../support/until.js";
import { Project, dagSource, start } from "./support/project.js";

/** Counts how often a timer of the engine goes off, in this process. */
function engineTimers(): { readonly fired: () => number; readonly reset: () => void } {
  const own = new Set<number>();
  let count = 0;
  const hook = createHook({
    init(id, type) {
      if (type === "Timeout" && /runtime[\\/]src[\\/]/.test(new Error().stack ?? "")) own.add(id);
    },
    before(id) {
      if (own.has(id)) count++;
    },
  });
  hook.enable();
  onTestFinished(() => void hook.disable());
  return { fired: () => count, reset: () => (count = 0) };
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe("a run that waits", () => {
  async function waitingRun(definition: string, state: string): Promise<ReturnType<typeof engineTimers>> {
    const timers = engineTimers();
    const events: RunEvent[] = [];
    const project = new Project({ "dag.ts": dagSource(`const wait = ${definition};`, "wait();") });
    await start(project, { onEvent: (event) => events.push(event) });
    const changes = () => events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    await until(() => changes().some((change) => change.state === state));
    return timers;
  }

  it.each([
    ["for another try", `task({ task_id: "wait", retries: 1, retry_delay: 600 }, () => { throw new Error("x"); })`],
    ["as a sensor that gave up its process", `task.sensor({ task_id: "wait", mode: "reschedule" }, () => false)`],
  ])("%s has no timer that goes off", async (kind, definition) => {
    const timers = await waitingRun(definition, kind === "for another try" ? "up_for_retry" : "up_for_reschedule");
    // What follows its last change: the results of a few milliseconds are committed together.
    await pause(200);
    timers.reset();
    await pause(500);
    expect(timers.fired()).toBe(0);
  });
});

describe("an instance that takes long", () => {
  it("is looked after ten times a second, by the pool and by the run, and by nobody else", async () => {
    const timers = engineTimers();
    const events: RunEvent[] = [];
    const definition = `const wait = task.sensor({ task_id: "wait", poke_interval: 60 }, () => false);`;
    const project = new Project({ "dag.ts": dagSource(definition, "wait();") });
    await start(project, { onEvent: (event) => events.push(event) });
    await until(() => JSON.stringify(events).includes(`"running"`) && events.length > 2);
    // It is more often at first.
    let perSecond = Infinity;
    for (let window = 0; window < 20 && perSecond > 21; window++) {
      const from = performance.now();
      timers.reset();
      await pause(500);
      perSecond = (timers.fired() * 1000) / (performance.now() - from);
    }
    expect(perSecond).toBeLessThanOrEqual(21);
    // An engine that sleeps beside its work would see none of its limits.
    expect(perSecond).toBeGreaterThan(0);
  });
});
