import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Limits, type Need } from "../../runtime/src/engine/limits.js";
import { BatchSizer } from "../../runtime/src/pool/batchSizer.js";
import { Dispatcher, type TaskRules } from "../../runtime/src/pool/dispatcher.js";
import { ReadyQueue, type WaitingSpan } from "../../runtime/src/pool/readyQueue.js";
import { campaign } from "../support/campaign.js";

const span = (from: number, count: number, try_number = 1): WaitingSpan => ({ from, count, try_number, since: null });

describe("the queue of what waits", () => {
  const instance = fc.record({ task: fc.nat(4), index: fc.nat(30) });

  it("gives every instance once: by weight, then by the plan, then by index", () => {
    const weights = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(weights, fc.uniqueArray(instance, { selector: JSON.stringify }), fc.nat(6), (weight, added, size) => {
        const queue = new ReadyQueue();
        queue.setWeights(weight);
        for (const { task, index } of added) queue.add(task, span(index, 1));
        expect(queue.size).toBe(added.length);
        const taken: { task: number; index: number }[] = [];
        for (let [task] = queue.tasks; task !== undefined; [task] = queue.tasks) {
          for (const { from, count } of queue.take(task, size + 1)) {
            for (let index = from; index < from + count; index++) taken.push({ task, index });
          }
        }
        const order = (a: { task: number; index: number }, b: { task: number; index: number }): number =>
          (weight[b.task] ?? 0) - (weight[a.task] ?? 0) || a.task - b.task || a.index - b.index;
        expect(taken).toEqual([...added].sort(order));
        expect(queue.size).toBe(0);
      }),
      { numRuns: campaign({ small: 100, middle: 300, full: 5000 }) },
    );
  });

  it("keeps 100,000 instances as one, also when some come back", () => {
    const queue = new ReadyQueue();
    queue.add(0, span(0, 100_000));
    expect(queue.take(0, 3)).toEqual([span(0, 3)]);
    queue.add(0, span(1, 2));
    expect(queue.take(0, 100_000)).toEqual([span(1, 2), span(3, 99_997)]);
  });

  it("tells tries apart, and when a sensor looked first", () => {
    const queue = new ReadyQueue();
    queue.add(0, span(0, 1, 2));
    queue.add(0, { ...span(1, 1, 2), since: 5 });
    queue.add(0, span(2, 1, 1));
    expect(queue.take(0, 9)).toEqual([span(0, 1, 2), { ...span(1, 1, 2), since: 5 }, span(2, 1, 1)]);
  });

  it("forgets whole tasks", () => {
    const queue = new ReadyQueue();
    queue.add(0, span(0, 4));
    queue.add(1, span(0, 5));
    queue.drop((task) => task === 1);
    expect([queue.tasks, queue.size]).toEqual([[0], 4]);
  });
});

/** A worker as the dispatcher sees it, which runs the first of what it was given. */
class Hands {
  readonly sent: number[] = [];

  get outstanding(): number {
    return this.sent.length;
  }

  holds(task: number): boolean {
    return this.sent.includes(task);
  }
}

interface Shape {
  readonly count: number;
  readonly weight: number;
  readonly own: number | null;
  readonly slots: number;
}

const POOL_SIZE = 4;

class Plant {
  readonly limits = new Limits();
  readonly sizer = new BatchSizer();
  readonly dispatcher: Dispatcher;
  readonly hands: readonly Hands[];
  readonly finished: number[];
  readonly ready = new ReadyQueue();

  constructor(
    readonly shapes: readonly Shape[],
    workers: number,
    readonly active: number,
  ) {
    this.dispatcher = new Dispatcher(
      this.ready,
      this.sizer,
      this.limits,
      shapes.map((shape, task) => this.#rules(shape, task)),
    );
    this.hands = Array.from({ length: workers }, () => new Hands());
    this.finished = shapes.map(() => 0);
    for (const [task, { count }] of shapes.entries()) if (count > 0) this.ready.add(task, span(0, count));
    this.dispatch();
  }

  #rules({ weight, own, slots }: Shape, task: number): TaskRules {
    const needs: Need[] = [
      ...(own === null ? [] : [{ key: `own ${task}`, amount: 1, size: own }]),
      { key: "pool", amount: slots, size: POOL_SIZE },
      { key: "run", amount: 1, size: this.active },
    ];
    return { weight, needs };
  }

  dispatch(): void {
    for (const hand of [...this.hands].sort((a, b) => a.outstanding - b.outstanding)) {
      for (;;) {
        const task = this.dispatcher.next(hand);
        const share = task === undefined ? 0 : this.dispatcher.share(task, hand, this.hands.length);
        if (task === undefined || share === 0) break;
        if (!hand.holds(task)) this.limits.take(this.dispatcher.needsOf(task));
        for (const { count } of this.ready.take(task, share)) for (let n = 0; n < count; n++) hand.sent.push(task);
      }
    }
  }

  /** The instance that the worker runs ends. */
  end(hand: Hands): void {
    const task = hand.sent.shift();
    if (task === undefined) return;
    this.finished[task] = (this.finished[task] ?? 0) + 1;
    this.sizer.record(task, 0.1);
    if (!hand.holds(task)) this.limits.release(this.dispatcher.needsOf(task));
    this.dispatch();
  }

  /** Positions of the tasks whose instances run now. */
  get running(): number[] {
    return this.hands.flatMap(({ sent }) => sent.slice(0, 1));
  }
}

const shape: fc.Arbitrary<Shape> = fc.record({
  count: fc.nat(40),
  weight: fc.integer({ min: 0, max: 3 }),
  own: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
  slots: fc.integer({ min: 1, max: POOL_SIZE }),
});

describe("the dispatcher", () => {
  it("never goes over a limit, and runs everything in the end", () => {
    const cases = fc.record({
      shapes: fc.array(shape, { minLength: 1, maxLength: 6 }),
      workers: fc.integer({ min: 1, max: 6 }),
      active: fc.integer({ min: 1, max: 5 }),
      choices: fc.array(fc.nat(100), { minLength: 1, maxLength: 50 }),
    });
    fc.assert(
      fc.property(cases, ({ shapes, workers, active, choices }) => {
        const plant = new Plant(shapes, workers, active);
        for (let step = 0; plant.hands.some(({ outstanding }) => outstanding > 0); step++) {
          const { running } = plant;
          expect(running.length).toBeLessThanOrEqual(active);
          expect(running.reduce((sum, task) => sum + (shapes[task]?.slots ?? 0), 0)).toBeLessThanOrEqual(POOL_SIZE);
          for (const [task, { own }] of shapes.entries()) {
            expect(running.filter((one) => one === task).length).toBeLessThanOrEqual(own ?? Infinity);
          }
          const busy = plant.hands.filter(({ outstanding }) => outstanding > 0);
          const hand = busy[(choices[step % choices.length] ?? 0) % busy.length];
          if (hand) plant.end(hand);
        }
        expect(plant.finished).toEqual(shapes.map(({ count }) => count));
        for (const key of ["pool", "run", "own 0"]) expect(plant.limits.taken(key)).toBe(0);
      }),
      { numRuns: campaign({ small: 100, middle: 300, full: 5000 }) },
    );
  });

  it("starts nothing while what weighs more could be started", () => {
    fc.assert(
      fc.property(fc.array(shape, { minLength: 1, maxLength: 6 }), (shapes) => {
        const plant = new Plant(shapes, 1, 1);
        const order: number[] = [];
        for (const [hand] = plant.hands; hand && hand.outstanding > 0; plant.end(hand)) order.push(hand.sent[0] ?? -1);
        const weights = order.map((task) => shapes[task]?.weight ?? 0);
        expect(weights).toEqual([...weights].sort((a, b) => b - a));
      }),
      { numRuns: campaign({ small: 50, middle: 200, full: 2000 }) },
    );
  });

  it("keeps what there is too little of for the first that needs it", () => {
    const plant = new Plant(
      [
        { count: 9, weight: 1, own: null, slots: 1 },
        { count: 1, weight: 5, own: null, slots: POOL_SIZE },
      ],
      0,
      9,
    );
    const hands = Array.from({ length: 4 }, () => new Hands());
    plant.limits.take([{ key: "pool", amount: 1, size: POOL_SIZE }]);
    expect(hands.map((hand) => plant.dispatcher.next(hand))).toEqual([undefined, undefined, undefined, undefined]);
    plant.limits.release([{ key: "pool", amount: 1, size: POOL_SIZE }]);
    expect(hands.map((hand) => plant.dispatcher.next(hand))).toEqual([1, 1, 1, 1]);
  });

  it("knows how many workers could get something", () => {
    const plant = new Plant([{ count: 100, weight: 0, own: 2, slots: 1 }], 0, 9);
    expect([plant.dispatcher.room(1), plant.dispatcher.room(8)]).toEqual([1, 2]);
  });
});

describe("what more workers could help with", () => {
  const rules: TaskRules = { weight: 0, needs: [] };
  const waiting = (durations: readonly number[], runsForMs: number): number => {
    const ready = new ReadyQueue();
    ready.add(0, span(0, 1000));
    const sizer = new BatchSizer();
    for (const duration of durations) sizer.record(0, duration);
    const dispatcher = new Dispatcher(ready, sizer, new Limits(), [rules]);
    return dispatcher.waitingMs([{ running: true, busySince: 0 }], runsForMs);
  };

  it("is what waits of instances that take long", () => {
    expect(waiting([50, 50, 50], 0)).toBe(50_000);
  });

  it("is nothing of those that are over before the engine has taken in the last one", () => {
    expect(waiting([0.01, 0.01, 0.01], 1)).toBe(0);
  });

  it("does not go by the first, which fetches what all of them need", () => {
    expect(waiting([20, 0.01, 0.01], 1)).toBe(0);
    expect(waiting([], 30)).toBe(0);
  });

  it("does not go by one that took long where those before and behind it were quick", () => {
    const quick = Array.from({ length: 20 }, () => 0.01);
    expect(waiting([...quick, 5], 1)).toBe(0);
    expect(waiting([...quick, ...Array.from({ length: 20 }, () => 5)], 1)).toBeGreaterThan(1000);
  });

  it("goes by one that runs long where all before it were quick, and where none has ended", () => {
    expect(waiting([0.01, 0.01, 0.01], 40)).toBe(40_000);
    expect(waiting([], 100)).toBe(100_000);
  });
});
