import type { Axis } from "../../../runtime/src/engine/plan.js";
import { type UpstreamState, tableSays, teardownTableSays } from "../../support/triggerRuleTable.js";
import type { InstanceNow, Shape } from "./schedulerDriver.js";

const FAST = ["one_success", "one_failed", "one_done"];

type Decision = "wait" | "run" | "skipped" | "upstream_failed";

/** Scheduling said once more, over lists of instances, evaluated anew after every event and with nothing remembered. */
export class SchedulerReference {
  readonly instances: InstanceNow[][];
  readonly expanded: boolean[];
  readonly #rows: number[];
  readonly #lengths: (number | null)[];
  readonly #skipped = new Set<string>();

  constructor(
    readonly shapes: readonly Shape[],
    readonly groups: readonly (readonly Axis[])[],
  ) {
    this.#rows = shapes.map(() => 0);
    this.#lengths = shapes.map(() => null);
    const counts = shapes.map((shape) => this.#literalCount(shape));
    this.expanded = counts.map((count) => count > 0);
    this.instances = counts.map((count) => Array.from({ length: Math.max(count, 1) }, () => "waiting"));
    this.#settle();
  }

  end(
    task: number,
    slot: number,
    state: InstanceNow,
    facts: { hasResult: boolean; length: number | null; skips: readonly number[] },
  ): void {
    this.#instancesOf(task)[slot] = state;
    if (facts.hasResult) this.#rows[task] = (this.#rows[task] ?? 0) + 1;
    this.#lengths[task] = facts.length ?? this.#lengths[task] ?? null;
    for (const skipped of facts.skips) {
      const isInGroup = this.#groupOf(task) !== null;
      if (isInGroup) this.#skipAt(skipped, slot);
      else this.#setWaiting(skipped, "skipped");
    }
    this.#settle();
  }

  /** Every task in its order until nothing changes; upstream tasks stand before it. */
  #settle(): void {
    for (const [task] of this.shapes.entries()) {
      if (!this.#isSplit(task)) this.#settleWhole(task);
      if (this.#isSplit(task)) this.#settleEach(task);
    }
  }

  #settleWhole(task: number): void {
    if (this.#instancesOf(task).some((state) => state !== "waiting")) return;
    const decision = this.#judgeWhole(task);
    const missing = this.#missing(task);
    if (decision === "skipped" || decision === "upstream_failed") this.#setWaiting(task, decision);
    else if (missing) this.#setWaiting(task, missing);
    else if (decision === "run") this.#go(task);
  }

  #go(task: number): void {
    const axes = this.#axesOf(task);
    if (!axes || this.expanded[task]) {
      this.#setWaiting(task, "running");
      return;
    }
    const areDone = sources(axes).every((source) => this.#statesOf(source).every((state) => state !== "open"));
    if (!areDone && this.#groupOf(task) !== null) return;
    const lengths = axes.map((axis) => this.#length(axis));
    const count = lengths.reduce<number>((a, b) => a * (b ?? 0), 1);
    if (!areDone || lengths.includes(null)) this.#setWaiting(task, "upstream_failed");
    else if (count === 0) this.#setWaiting(task, "skipped");
    else {
      this.expanded[task] = true;
      const next = this.#groupOf(task) === null ? "running" : "waiting";
      this.instances[task] = Array.from({ length: count }, () => next);
    }
  }

  #judgeWhole(task: number): Decision {
    const { upstream, rule = "all_success", role } = this.#shape(task);
    const isBeside = (one: number): boolean => this.#isSplit(one) && this.#groupOf(one) === this.#groupOf(task);
    const setups = this.#setupsOf(task).filter((one) => !isBeside(one));
    if (!upstream.some(isBeside) || (FAST.includes(rule) && role !== "teardown")) {
      return this.#judge(task, (one) => this.#statesOf(one), upstream, setups);
    }
    // Only what holds whatever may come of its own index settles it now.
    const verdict = this.#judge(task, (one) => (isBeside(one) ? ["open"] : this.#statesOf(one)), upstream, setups);
    const outside = [...upstream.filter((one) => !isBeside(one)), ...setups];
    const isOpen = outside.some((one) => this.#statesOf(one).includes("open"));
    return verdict === "wait" && !isOpen ? "run" : verdict;
  }

  #settleEach(task: number): void {
    const missing = this.#missing(task);
    for (const [index, state] of this.#instancesOf(task).entries()) {
      if (state !== "waiting") continue;
      const at = (one: number): UpstreamState[] => {
        if (!this.#isSplit(one) || this.#groupOf(one) !== this.#groupOf(task)) return this.#statesOf(one);
        return [asSeen(this.#instancesOf(one)[index] ?? "waiting")];
      };
      const says = this.#judge(task, at, this.#shape(task).upstream, this.#setupsOf(task));
      const decision = says === "run" || says === "wait" ? (missing ?? says) : says;
      const isSkipped = decision === "run" && this.#skipped.has(`${task}:${index}`);
      if (decision !== "wait")
        this.#instancesOf(task)[index] = isSkipped ? "skipped" : decision === "run" ? "running" : decision;
    }
  }

  #judge(
    task: number,
    statesOf: (one: number) => readonly UpstreamState[],
    upstream: readonly number[],
    setups: readonly number[],
  ): Decision {
    const { rule = "all_success", role } = this.#shape(task);
    const needed = tableSays("all_success", setups.flatMap(statesOf));
    if (needed === "skipped" || needed === "upstream_failed") return needed;
    const own = upstream.filter((one) => this.#shape(one).role === "setup");
    const others = upstream.filter((one) => this.#shape(one).role !== "setup");
    const says =
      role === "teardown"
        ? teardownTableSays(own.flatMap(statesOf), others.flatMap(statesOf))
        : tableSays(rule, upstream.flatMap(statesOf));
    return says === "run" ? needed : says;
  }

  /** Setups before the task without a teardown right behind them, or with one that comes after the task. */
  #setupsOf(task: number): number[] {
    const { role, rule } = this.#shape(task);
    if (role === "teardown" || rule === "always") return [];
    return [...this.shapes.keys()].filter((setup) => {
      if (this.#shape(setup).role !== "setup" || !this.#comesBefore(setup, task)) return false;
      const teardowns = [...this.shapes.keys()].filter(
        (one) => this.#shape(one).role === "teardown" && this.#shape(one).upstream.includes(setup),
      );
      return teardowns.length === 0 || teardowns.some((teardown) => this.#comesBefore(task, teardown));
    });
  }

  #comesBefore(one: number, other: number): boolean {
    return this.#shape(other).upstream.some((before) => before === one || this.#comesBefore(one, before));
  }

  #missing(task: number): "skipped" | "upstream_failed" | null {
    const single = sources(this.#axesOf(task) ?? []).filter((source) => !this.expanded[source]);
    const states = single.flatMap((source) => this.#statesOf(source));
    if (states.includes("failed") || states.includes("upstream_failed")) return "upstream_failed";
    return states.includes("skipped") ? "skipped" : null;
  }

  #length(axis: Axis): number | null {
    if (axis.type === "fixed") return axis.length;
    if (axis.type !== "result") throw new Error("not of these tests");
    return this.expanded[axis.task] ? (this.#rows[axis.task] ?? 0) : (this.#lengths[axis.task] ?? null);
  }

  #literalCount(shape: Shape): number {
    const axes = this.#axes(shape);
    if (!axes?.every((axis) => axis.type === "fixed")) return 0;
    return axes.reduce((product, axis) => product * (axis.type === "fixed" ? axis.length : 0), 1);
  }

  /** At once where the instance exists, else when it comes to run. */
  #skipAt(task: number, index: number): void {
    this.#skipped.add(`${task}:${index}`);
    if (!this.#isSplit(task) || this.#instancesOf(task)[index] !== "waiting") return;
    this.#instancesOf(task)[index] = "skipped";
  }

  #setWaiting(task: number, state: InstanceNow): void {
    this.instances[task] = this.#instancesOf(task).map((now) => (now === "waiting" ? state : now));
  }

  #statesOf(task: number): UpstreamState[] {
    return this.#instancesOf(task).map(asSeen);
  }

  #instancesOf(task: number): InstanceNow[] {
    return this.instances[task] ?? [];
  }

  #isSplit(task: number): boolean {
    return this.expanded[task] === true && this.#groupOf(task) !== null;
  }

  #groupOf(task: number): number | null {
    return this.#shape(task).group ?? null;
  }

  #axesOf(task: number): readonly Axis[] | undefined {
    return this.#axes(this.#shape(task));
  }

  #axes({ group = null, axes }: Shape): readonly Axis[] | undefined {
    return group === null ? axes : this.groups[group];
  }

  #shape(task: number): Shape {
    const shape = this.shapes[task];
    if (!shape) throw new Error(`no task ${task}`);
    return shape;
  }
}

function asSeen(state: InstanceNow): UpstreamState {
  return state === "waiting" || state === "running" ? "open" : state;
}

function sources(axes: readonly Axis[]): number[] {
  return axes.flatMap((axis) => (axis.type === "result" ? [axis.task] : []));
}
