import { describe, expect, it } from "vitest";
import type { RunEvent, RunEventBody } from "#core/model/runEvent.js";
import type { EngineProcess } from "../../client/src/runs/engineProcess.js";
import { FollowedRuns } from "../../client/src/runs/followedRuns.js";
import { dagModel, eventStream, started } from "./support/runs.js";

const address = { home: "/dags/.fanout", run_id: "run-1" };
const next = eventStream("run-1");
const expanded: RunEventBody = { type: "task_expanded", task_id: "add", count: 3 };
const changed = (map_index: number): RunEventBody => ({
  type: "instances_changed",
  task_id: "add",
  changes: [{ map_index, state: "success", try_number: 1 }],
});

/** An engine that reads the events of one run, two at a time; `asked` notes from where. */
function engineOf(file: { events: RunEvent[]; live: boolean }) {
  const asked: number[] = [];
  const ask = (method: string, { from }: { from: number }) => {
    expect(method).toBe("followRun");
    asked.push(from);
    const events = file.events.slice(from, from + 2);
    return Promise.resolve({ ok: true, value: { events, next: from + events.length, live: file.live } });
  };
  return { asked, engine: { ask } as unknown as EngineProcess };
}

describe("a run that another process executes", () => {
  it("is known from its events, of which each look reads only the new ones", async () => {
    const file = {
      events: [started(dagModel("adder", ["list", "add[]"])), expanded, changed(0)].map(next),
      live: true,
    };
    const { asked, engine } = engineOf(file);
    const runs = new FollowedRuns();
    const first = await runs.details(engine, address);
    expect(first?.tasks[1]).toMatchObject({ task_id: "add", count: 3, instances: [{ map_index: 0 }] });
    file.events.push(next(changed(1)));
    const [second, third] = await Promise.all([runs.details(engine, address), runs.details(engine, address)]);
    expect(second?.tasks[1]?.instances).toHaveLength(2);
    expect(third).toEqual(second);
    expect(asked).toEqual([0, 2, 3, 3, 4, 4]);
  });

  it("is told anew from where it goes on", async () => {
    const file = { events: [started(dagModel("adder", ["add[]"])), expanded, changed(0)].map(next), live: true };
    const { engine } = engineOf(file);
    const runs = new FollowedRuns();
    await runs.details(engine, address);
    file.events.push(next(started(dagModel("adder", ["add[]"]))), next(expanded));
    expect((await runs.details(engine, address))?.tasks[0]?.instances).toEqual([]);
  });

  it("is left to its record once nobody executes it", async () => {
    const file = { events: [started(dagModel("adder", ["add[]"]))].map(next), live: true };
    const { engine } = engineOf(file);
    const runs = new FollowedRuns();
    expect(await runs.details(engine, address)).not.toBeNull();
    file.live = false;
    expect(await runs.details(engine, address)).toBeNull();
    const refusing = { ask: () => Promise.resolve({ ok: false, error: { code: "unknown-run", message: "gone" } }) };
    expect(await new FollowedRuns().details(refusing as unknown as EngineProcess, address)).toBeNull();
  });
});
