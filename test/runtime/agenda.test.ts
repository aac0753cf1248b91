import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Agenda } from "../../runtime/src/engine/agenda.js";
import { ManualClock, systemClock } from "../../runtime/src/engine/clock.js";
import { retryDelay } from "../../runtime/src/engine/retry.js";
import { campaign } from "../support/campaign.js";
import { taskPolicy } from "../support/planTasks.js";

describe("an agenda", () => {
  it("tells everything at its moment, in order, with never more than one timer", () => {
    const moment = fc.nat(50);
    fc.assert(
      fc.property(fc.array(fc.record({ at: moment, due: moment }), { maxLength: 60 }), (entries) => {
        const clock = new ManualClock(0);
        const told: { due: number; order: number; at: number }[] = [];
        const agenda = new Agenda<{ due: number; order: number }>(clock, (items) => {
          for (const item of items) told.push({ ...item, at: clock.now() });
        });
        const sorted = entries.map((entry, order) => ({ ...entry, order })).sort((a, b) => a.at - b.at);
        for (const { at, due, order } of sorted) {
          clock.advance(at - clock.now());
          agenda.add(at + due, { due: at + due, order });
          expect(clock.pending).toHaveLength(1);
          expect(clock.pending[0]).toBe(agenda.next);
        }
        clock.advance(200);
        expect(told.map(({ order }) => order).sort((a, b) => a - b)).toEqual(entries.map((_, order) => order));
        for (const { due, at } of told) expect(at).toBe(due);
        expect(told.map(({ due }) => due)).toEqual(told.map(({ due }) => due).sort((a, b) => a - b));
        expect(clock.pending).toEqual([]);
      }),
      { numRuns: campaign({ small: 50, middle: 200, full: 2000 }) },
    );
  });

  it("forgets what it is told to forget, and its timer with it", () => {
    const clock = new ManualClock(0);
    const agenda = new Agenda<string>(clock, () => expect.unreachable());
    agenda.add(5, "a");
    agenda.clear();
    expect([agenda.next, clock.pending]).toEqual([null, []]);
    clock.advance(10);
  });
});

describe("the clock of the system", () => {
  it("calls once, and not what was taken back", async () => {
    const called: string[] = [];
    const cancel = systemClock.after(1, () => called.push("no"));
    cancel();
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
    expect(called).toEqual([]);
  });

  it("does not take a month for no time at all", async () => {
    let isCalled = false;
    const cancel = systemClock.after(2 ** 31 * 1.5, () => (isCalled = true));
    await new Promise<void>((resolve) => systemClock.after(5, resolve));
    cancel();
    expect(isCalled).toBe(false);
  });
});

describe("the pause before another try", () => {
  const delays = (options: Record<string, unknown>): number[] =>
    [1, 2, 3, 4].map((failed) => retryDelay(taskPolicy(options), failed) / 1000);

  it.each([
    [{}, [300, 300, 300, 300]],
    [{ retry_delay: 10, max_retry_delay: 5 }, [10, 10, 10, 10]],
    [{ retry_delay: 10, retry_exponential_backoff: true }, [10, 20, 40, 80]],
    [{ retry_delay: 10, retry_exponential_backoff: 3, max_retry_delay: 45 }, [10, 30, 45, 45]],
    [{ retry_delay: "10h", retry_exponential_backoff: true }, [36_000, 72_000, 86_400, 86_400]],
    [{ retry_delay: "1h", retry_exponential_backoff: true, max_retry_delay: "30d" }, [3600, 7200, 14_400, 28_800]],
  ])("with %j", (options, expected) => {
    expect(delays(options)).toEqual(expected);
  });
});
