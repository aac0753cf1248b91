import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TRIGGER_RULES, type TriggerRule } from "#core/model/triggerRule.js";
import type { Axis, Plan, PlanTask } from "../../runtime/src/engine/plan.js";
import {
  type Effect,
  NO_OUTCOMES,
  type Progress,
  afterFailure,
  initialProgress,
  transition,
} from "../../runtime/src/engine/transition.js";
import { campaign } from "../support/campaign.js";
import { dagPolicy, taskPolicy } from "../support/planTasks.js";
import { type UpstreamState, tableSays } from "../support/triggerRuleTable.js";

interface Shape {
  readonly upstream: readonly number[];
  readonly rule?: TriggerRule;
  readonly axes?: readonly Axis[];
}

function planOf(shapes: readonly Shape[]): Plan {
  const tasks = shapes.map(({ upstream, rule = "all_success", axes }, position): PlanTask => ({
    ...taskPolicy({ trigger_rule: rule, retries: 1, retry_delay: 0 }),
    ...{ task_id: `t${position}`, group: null, fingerprint: "" },
    ...{ upstream, downstream: shapes.flatMap((other, index) => (other.upstream.includes(position) ? [index] : [])) },
    axes: axes ?? null,
  }));
  return { dag_id: "d", policy: dagPolicy(), tasks, groups: [] };
}

/** Applies events in order and collects what is to be done. */
class Driver {
  progress: Progress;
  readonly effects: Effect[] = [];

  constructor(readonly plan: Plan) {
    this.progress = initialProgress(plan);
  }

  begin(): this {
    return this.#apply({ type: "begin" });
  }

  finish(task: number, state: "success" | "failed" | "skipped", facts: { length?: number; rows?: number } = {}): this {
    const { length = null, rows = state === "success" ? 1 : 0 } = facts;
    return this.#apply({ type: "finished", task, outcomes: { ...NO_OUTCOMES, [state]: 1 }, rows, length });
  }

  #apply(event: Parameters<typeof transition>[2]): this {
    const before = structuredClone(this.progress);
    const step = transition(this.plan, this.progress, event);
    expect(this.progress).toEqual(before);
    this.progress = step.progress;
    this.effects.push(...step.effects);
    return this;
  }
}

const result = (task: number): Axis => ({ type: "result", task });

describe("transition", () => {
  it("runs what nothing comes before, then what follows, then ends", () => {
    const driver = new Driver(planOf([{ upstream: [] }, { upstream: [0] }])).begin();
    expect(driver.effects).toEqual([{ type: "run", task: 0, count: 1 }]);
    driver.finish(0, "success").finish(1, "success");
    expect(driver.effects.slice(1)).toEqual([
      { type: "run", task: 1, count: 1 },
      { type: "end", state: "success" },
    ]);
  });

  it("ends a DAG without tasks at once", () => {
    expect(new Driver(planOf([])).begin().effects).toEqual([{ type: "end", state: "success" }]);
  });

  it("multiplies axes, and counts results of a mapped source, not its instances", () => {
    const plan = planOf([
      { upstream: [], axes: [{ type: "fixed", length: 3 }] },
      { upstream: [0], axes: [result(0), { type: "fixed", length: 2 }] },
    ]);
    const driver = new Driver(plan).begin();
    driver.finish(0, "success").finish(0, "success", { rows: 0 }).finish(0, "success");
    expect(driver.effects.at(-1)).toEqual({ type: "run", task: 1, count: 4 });
  });

  it("settles without running, whatever the trigger rule: nothing to map over, or no source", () => {
    const rules = ["all_success", "none_failed"] as const;
    for (const rule of rules) {
      const plan = planOf([{ upstream: [] }, { upstream: [0], rule, axes: [result(0)] }]);
      const effectsAfter = (state: "success" | "skipped" | "failed", facts = {}) =>
        new Driver(plan).begin().finish(0, state, facts).effects.slice(1);
      const settle = (state: string, reason: string) => ({ type: "settle", task: 1, state, reason });
      expect(effectsAfter("success", { length: 0 })[0]).toEqual(settle("skipped", "zero-length"));
      expect(effectsAfter("success")[0]).toEqual(settle("upstream_failed", "no-length"));
      expect(effectsAfter("skipped")[0]).toEqual(settle("skipped", "upstream"));
      expect(effectsAfter("failed")[0]).toEqual(settle("upstream_failed", "upstream"));
    }
  });

  it("judges the run by its leaves", () => {
    const plan = planOf([{ upstream: [] }, { upstream: [0], rule: "none_failed" }, { upstream: [] }]);
    const ends = new Driver(plan).begin().finish(0, "skipped").finish(1, "success").finish(2, "skipped");
    expect(ends.effects.at(-1)).toEqual({ type: "end", state: "success" });
  });

  it("retries while tries are left, and never when the task asks to fail", () => {
    const [task] = planOf([{ upstream: [] }]).tasks;
    if (!task) throw new Error("no task");
    expect(afterFailure(task, 1, true)).toBe("up_for_retry");
    expect(afterFailure(task, 2, true)).toBe("failed");
    expect(afterFailure(task, 1, false)).toBe("failed");
  });
});

/** Trigger rules and expansion said once more, over lists of instances and evaluated anew after every event. */
class Reference {
  readonly instances: (string[] | null)[];
  readonly rows: number[];
  readonly placeholder: boolean[];

  constructor(readonly shapes: readonly Shape[]) {
    this.instances = shapes.map(() => null);
    this.rows = shapes.map(() => 0);
    this.placeholder = shapes.map(() => true);
  }

  settle(): void {
    for (let changed = true; changed;) {
      changed = false;
      for (const [task, shape] of this.shapes.entries()) {
        if (this.instances[task]) continue;
        const decided = this.#decide(shape);
        if (!decided) continue;
        this.instances[task] = decided;
        this.placeholder[task] = !shape.axes || decided[0] !== "running";
        changed = true;
      }
    }
  }

  #decide({ upstream, rule = "all_success", axes }: Shape): string[] | null {
    const states = upstream.flatMap((task) => this.instances[task] ?? ["running"]);
    const seen = states.map((state): UpstreamState => (state === "running" ? "open" : (state as UpstreamState)));
    const verdict = tableSays(rule, seen);
    if (verdict === "skipped" || verdict === "upstream_failed") return [verdict];
    const sources = (axes ?? []).flatMap((axis) => (axis.type === "result" ? [axis.task] : []));
    const single = sources.flatMap((task) => (this.placeholder[task] ? (this.instances[task] ?? []) : []));
    if (single.includes("failed") || single.includes("upstream_failed")) return ["upstream_failed"];
    if (single.includes("skipped")) return ["skipped"];
    if (verdict === "wait") return null;
    if (!axes) return ["running"];
    if (sources.some((task) => this.instances[task]?.includes("running") ?? true)) return ["upstream_failed"];
    const lengths = axes.map((axis) =>
      axis.type === "result" ? (this.rows[axis.task] ?? 0) : axis.type === "fixed" ? axis.length : 0,
    );
    const count = lengths.reduce((a, b) => a * b, 1);
    return count === 0 ? ["skipped"] : Array.from({ length: count }, () => "running");
  }
}

/** Small DAGs in which a task comes only after tasks before it; some are mapped over a number or over a task before. */
const shapes: fc.Arbitrary<Shape[]> = fc
  .array(
    fc.record({
      links: fc.array(fc.nat(5), { maxLength: 3 }),
      rule: fc.constantFrom(...TRIGGER_RULES),
      axes: fc.option(
        fc.array(fc.oneof(fc.record({ length: fc.nat(2) }), fc.record({ task: fc.nat(5) })), {
          minLength: 1,
          maxLength: 2,
        }),
      ),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((raw) =>
    raw.map(({ links, rule, axes }, position) => {
      const before = (task: number) => position > 0 && task < position;
      const made = axes?.map((axis): Axis => {
        if ("length" in axis) return { type: "fixed", length: axis.length };
        return before(axis.task) ? { type: "result", task: axis.task } : { type: "fixed", length: 1 };
      });
      const sources = made?.flatMap((axis) => (axis.type === "result" ? [axis.task] : [])) ?? [];
      return { upstream: [...new Set([...links.filter(before), ...sources])], rule, ...(made && { axes: made }) };
    }),
  );

describe("transition, against a reference that looks at everything every time", () => {
  it("decides the same in every order of results", () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat(999)), (dag, numbers) => {
        const next = (below: number) => (numbers.next().value as number) % below;
        const driver = new Driver(planOf(dag)).begin();
        const reference = new Reference(dag);
        reference.settle();
        for (let step = 0; step < 200; step++) {
          const running = dag.flatMap((_, task) => (reference.instances[task]?.includes("running") ? [task] : []));
          if (running.length === 0) break;
          const task = running[next(running.length)] ?? 0;
          const states = reference.instances[task] ?? [];
          const state = (["success", "success", "failed", "skipped"] as const)[next(4)] ?? "success";
          states[states.indexOf("running")] = state;
          const isMapped = dag[task]?.axes !== undefined;
          // What a task that is not mapped returns has a length; an instance of a mapped one has a result or none.
          const length = isMapped ? undefined : next(3);
          const rows = state === "success" ? (isMapped ? next(2) : 1) : 0;
          reference.rows[task] = isMapped
            ? (reference.rows[task] ?? 0) + rows
            : state === "success"
              ? (length ?? 0)
              : 0;
          driver.finish(task, state, { rows, ...(state === "success" && length !== undefined && { length }) });
          reference.settle();
        }
        const counted = reference.instances.map((states) => tally(states ?? []));
        expect(driver.progress.map(({ outcomes }) => ({ ...outcomes }))).toEqual(counted);
        const leaves = dag.flatMap((_, task) => (dag.some(({ upstream }) => upstream.includes(task)) ? [] : [task]));
        const failed = leaves.some((task) => (counted[task]?.failed ?? 0) + (counted[task]?.upstream_failed ?? 0) > 0);
        expect(driver.effects.filter(({ type }) => type === "end")).toEqual([
          { type: "end", state: failed ? "failed" : "success" },
        ]);
        const runs = driver.effects.filter((effect) => effect.type === "run");
        expect(new Set(runs.map(({ task }) => task)).size).toBe(runs.length);
      }),
      { seed: 20260722, numRuns: campaign({ small: 500, middle: 2000, full: 20_000 }) },
    );
  });
});

function tally(states: readonly string[]) {
  const count = (state: string) => states.filter((one) => one === state).length;
  return {
    success: count("success"),
    failed: count("failed"),
    skipped: count("skipped"),
    upstream_failed: count("upstream_failed"),
  };
}
