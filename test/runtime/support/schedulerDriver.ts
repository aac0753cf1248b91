import type { TriggerRule } from "#core/model/triggerRule.js";
import type { Effect } from "../../../runtime/src/engine/effects.js";
import type { Axis, Plan, PlanTask } from "../../../runtime/src/engine/plan.js";
import { Scheduler } from "../../../runtime/src/engine/scheduler.js";
import type { Ended } from "../../../runtime/src/engine/taskProgress.js";
import { dagPolicy, taskPolicy } from "../../support/planTasks.js";

/** A task of a plan, as short as tests write it. Upstream tasks stand before it. */
export interface Shape {
  readonly upstream: readonly number[];
  readonly rule?: TriggerRule;
  readonly axes?: readonly Axis[];
  readonly group?: number | null;
  readonly role?: PlanTask["role"];
  readonly on_failure_fail_dagrun?: boolean;
}

export function planOf(shapes: readonly Shape[], groups: readonly (readonly Axis[])[] = []): Plan {
  const tasks = shapes.map((shape, position): PlanTask => {
    const { upstream, rule = "all_success", axes = null, group = null, role = null } = shape;
    return {
      ...taskPolicy({ trigger_rule: rule, retries: 1, retry_delay: 0 }),
      ...{ task_id: `t${position}`, fingerprint: "", group, role, axes, upstream },
      on_failure_fail_dagrun: shape.on_failure_fail_dagrun ?? false,
      downstream: shapes.flatMap((other, index) => (other.upstream.includes(position) ? [index] : [])),
    };
  });
  const named = groups.map((axes, position) => ({ group_id: `g${position}`, axes }));
  return { dag_id: "d", policy: dagPolicy(), tasks, groups: named };
}

export type InstanceNow = "waiting" | "running" | Ended["state"];

type Facts = Partial<Pick<Ended, "hasResult" | "length" | "skips">>;

/** Gives events to a scheduler and keeps, from its effects alone, where every instance stands. */
export class Driver {
  readonly scheduler: Scheduler;
  readonly effects: Effect[] = [];
  /** By task; one where it is not expanded. */
  readonly instances: InstanceNow[][];
  readonly expanded: boolean[];

  constructor(readonly plan: Plan) {
    this.scheduler = new Scheduler(plan);
    this.instances = plan.tasks.map(() => ["waiting"]);
    this.expanded = plan.tasks.map(() => false);
  }

  begin(): this {
    return this.#take(this.scheduler.begin());
  }

  /** One instance ends, and what follows is decided. */
  finish(task: number, state: Ended["state"], map_index = -1, facts: Facts = {}): this {
    return this.end(task, state, map_index, facts).decide();
  }

  /** One instance ends; what follows waits for `decide`. */
  end(task: number, state: Ended["state"], map_index = -1, facts: Facts = {}): this {
    this.#move(task, map_index, "running", state);
    const { hasResult = state === "success", length = null, skips = [] } = facts;
    this.scheduler.ended({ task, map_index, state, hasResult, length, skips });
    return this;
  }

  decide(): this {
    return this.#take(this.scheduler.decide());
  }

  #take(effects: readonly Effect[]): this {
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type === "end") continue;
      if (effect.type === "expand") {
        if (this.expanded[effect.task]) throw new Error(`task ${effect.task} is expanded twice`);
        this.expanded[effect.task] = true;
        this.instances[effect.task] = Array.from({ length: effect.count }, () => "waiting");
        continue;
      }
      const next = effect.type === "run" ? "running" : effect.state;
      for (let offset = 0; offset < effect.count; offset++) {
        this.#move(effect.task, effect.from + offset, "waiting", next);
      }
    }
    return this;
  }

  #move(task: number, map_index: number, from: InstanceNow, to: InstanceNow): void {
    const slot = this.expanded[task] ? map_index : map_index + 1;
    const now = this.instances[task]?.[slot];
    if (now !== from) throw new Error(`instance ${map_index} of task ${task} is ${now ?? "missing"}, not ${from}`);
    this.instances[task]?.splice(slot, 1, to);
  }
}
