import type { InstanceState } from "#core/model/run.js";
import type { Outcome, ResultReport } from "../pool/messages.js";
import { type LogRange, type RunStore, tryOfRow } from "../store/runStore.js";
import type { Agenda } from "./agenda.js";
import type { Clock } from "./clock.js";
import type { Due, Waiting } from "./due.js";
import type { Executor } from "./executor.js";
import type { FirstFailure } from "./firstFailure.js";
import type { InstanceLedger } from "./instanceLedger.js";
import type { InstanceSpan } from "./instances.js";
import type { LongRunners } from "./longRunners.js";
import { type Plan, taskAt } from "./plan.js";
import type { Restored } from "./restored.js";
import { Resumption } from "./resumption.js";
import { afterFailure, retryDelay } from "./retry.js";
import type { RunEnd } from "./runEnd.js";
import type { Scheduler } from "./scheduler.js";
import { SensorBook } from "./sensorBook.js";

interface TryParts {
  readonly plan: Plan;
  readonly clock: Clock;
  readonly store: RunStore;
  readonly pool: Pick<Executor, "ready">;
  readonly ledger: InstanceLedger;
  readonly longRunners: LongRunners;
  readonly scheduler: Pick<Scheduler, "ended">;
  readonly agenda: Pick<Agenda<Due>, "add">;
  readonly firstFailure: Pick<FirstFailure, "goesOn" | "reason">;
  readonly end: Pick<RunEnd, "isEnding">;
}

/** The tries of instances: when each begins, and what becomes of the instance when it is over. */
export class Tries {
  readonly #sensors: SensorBook;
  /** Of a run that goes on. */
  #resumption: Resumption | null = null;

  constructor(readonly parts: TryParts) {
    this.#sensors = new SensorBook(parts.clock);
  }

  /** In a run that goes on, the tries that follow are those after the ones that the store knows of. */
  resume(): Restored {
    const { plan, store, ledger } = this.parts;
    this.#resumption = new Resumption(plan, store, ledger, this.#sensors);
    return this.#resumption.restored;
  }

  /** The scheduler lets these instances run. */
  begin({ task, from, count }: InstanceSpan): void {
    if (this.#resumption) {
      for (const { due, ...waiting } of this.#resumption.next({ task, from, count })) this.#goOnAt(due, waiting);
      return;
    }
    this.parts.ledger.schedule(task, from, count);
    this.parts.pool.ready.add(task, { from, count, try_number: 1, since: null });
  }

  /** A try is over. Returns how the instance stands now; what follows of its end the scheduler is to be asked. */
  ended(report: ResultReport, log: LogRange): Outcome | "up_for_retry" {
    const { ledger, store, scheduler } = this.parts;
    const { task, map_index, try_number, length, skips } = report;
    const state = this.#stateAfter(report);
    const due = this.#dueAfter(report, state);
    const row = ledger.record(this.#withReason(this.#sensors.whole(report), state), log, state, due);
    if (state !== "up_for_reschedule") this.#sensors.tryEnded(report);
    if (state === "up_for_retry") store.putTry(tryOfRow(row));
    if (due !== null)
      this.#goOnAt(due, { task, map_index, try_number: try_number + (state === "up_for_retry" ? 1 : 0) });
    else if (state === "success" || state === "failed" || state === "skipped")
      scheduler.ended({ task, map_index, state, hasResult: row.xcom !== null, length, skips });
    return state;
  }

  /** The moment has come that an instance waited for. */
  makeReady({ task, map_index, try_number }: Waiting): void {
    const { store, longRunners, pool } = this.parts;
    store.clearXcoms(task, map_index);
    longRunners.forget({ task, map_index });
    const since = this.#sensors.sinceOf({ task, map_index });
    pool.ready.add(task, { from: map_index, count: 1, try_number, since });
  }

  /** Of a sensor that would look again, had nothing failed meanwhile. */
  #withReason(report: ResultReport, state: InstanceState): ResultReport {
    const isStopped = state === "skipped" && report.outcome === "up_for_reschedule";
    return isStopped ? { ...report, error: this.parts.firstFailure.reason } : report;
  }

  #stateAfter(report: ResultReport): Outcome | "up_for_retry" {
    const { plan, ledger, firstFailure } = this.parts;
    const { task, try_number, outcome, mayRetry } = report;
    if (outcome === "failed") {
      const counted = try_number - ledger.baseTry(report);
      return afterFailure(taskAt(plan, task), counted, mayRetry && firstFailure.goesOn(task));
    }
    return outcome === "up_for_reschedule" && !firstFailure.goesOn(task) ? "skipped" : outcome;
  }

  /** When an instance goes on that has not ended for good; null where it has. */
  #dueAfter(report: ResultReport, state: InstanceState): number | null {
    const { plan, clock, ledger } = this.parts;
    const task = taskAt(plan, report.task);
    if (state === "up_for_retry") return clock.now() + retryDelay(task, report.try_number - ledger.baseTry(report));
    if (state !== "up_for_reschedule" || !task.sensor) return null;
    return this.#sensors.foundNothing(report, task.sensor);
  }

  #goOnAt(due: number, waiting: Waiting): void {
    const { agenda, clock, end } = this.parts;
    // What ends while callbacks of the run are made, or its workers leave, goes on no more.
    if (end.isEnding) return;
    const wait = due - clock.now();
    if (wait <= 0) this.makeReady(waiting);
    else agenda.add(clock.elapsed() + wait, waiting);
  }
}
