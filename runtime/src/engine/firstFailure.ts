import type { RunError } from "#core/model/run.js";
import type { Agenda } from "./agenda.js";
import type { Due } from "./due.js";
import type { Settled } from "./effects.js";
import type { Executor } from "./executor.js";
import type { InstanceLedger } from "./instanceLedger.js";
import type { Instance, InstanceSpan } from "./instances.js";
import type { PastGate } from "./pastGate.js";
import { type Plan, taskAt } from "./plan.js";
import { failFast, notRun } from "./runErrors.js";
import type { Scheduler } from "./scheduler.js";
import { skipInstance } from "./unreported.js";

interface FailureParts {
  readonly plan: Plan;
  readonly pool: Pick<Executor, "ban">;
  readonly ledger: InstanceLedger;
  readonly scheduler: Pick<Scheduler, "ended" | "skipWaiting">;
  readonly agenda: Pick<Agenda<Due>, "remove">;
  readonly gate: Pick<PastGate, "drop">;
}

/** In a DAG with `fail_fast` the first failure ends everything but what cleans up. */
export class FirstFailure {
  /** Why what it skips is not run; null as long as nothing has failed. */
  #reason: RunError | null = null;

  constructor(readonly parts: FailureParts) {}

  get hasFailed(): boolean {
    return this.#reason !== null;
  }

  get reason(): RunError | null {
    return this.#reason;
  }

  /** False of what the first failure has ended. */
  goesOn(task: number): boolean {
    return !this.hasFailed || taskAt(this.parts.plan, task).role === "teardown";
  }

  /** Source: Airflow's `_stop_remaining_tasks`; here the other instances of the task that failed are stopped as well. */
  note({ task: failed, map_index }: Instance): void {
    const { plan, pool, scheduler, agenda, gate } = this.parts;
    if (this.hasFailed || !plan.policy.fail_fast) return;
    this.#reason = notRun(taskAt(plan, failed), map_index);
    const isMeant = (task: number): boolean => !this.goesOn(task);
    for (const one of agenda.remove((item) => item !== "dagrun_timeout" && isMeant(item.task))) {
      if (one !== "dagrun_timeout") this.#skip(one);
    }
    for (const span of gate.drop(isMeant)) this.skip(span);
    scheduler.skipWaiting(isMeant);
    pool.ban(isMeant, failFast(taskAt(plan, failed), map_index));
  }

  /** What the scheduler skips for it, with the reason. */
  skips(settled: Settled): Settled {
    return { ...settled, error: this.#reason };
  }

  /** These were about to run. */
  skip({ task, from, count }: InstanceSpan): void {
    for (let offset = 0; offset < count; offset++) this.#skip({ task, map_index: from + offset });
  }

  #skip({ task, map_index }: Instance): void {
    const { ledger, scheduler } = this.parts;
    skipInstance(ledger, { task, map_index }, this.#reason);
    scheduler.ended({ task, map_index, state: "skipped", hasResult: false, length: null, skips: [] });
  }
}
