import type { RunStarted } from "#core/model/runEvent.js";
import type { InstanceState, RunError } from "#core/model/run.js";
import type { LateThrow, Outcome, ResultReport, TaskFacts } from "../pool/messages.js";
import type { Interrupted, PoolClient } from "../pool/poolClient.js";
import type { WaitingSpan } from "../pool/readyQueue.js";
import { type LogRange, tryOfRow } from "../store/runStore.js";
import { addToLog } from "./addToLog.js";
import { Agenda } from "./agenda.js";
import type { Effect } from "./effects.js";
import { LastInstance, failureJob } from "./callbackJobs.js";
import type { EventStream } from "./eventStream.js";
import { Heartbeat } from "./heartbeat.js";
import { InstanceLedger } from "./instanceLedger.js";
import type { Instance, InstanceSpan } from "./instances.js";
import { PastGate } from "./pastGate.js";
import type { PlanTask } from "./plan.js";
import { afterFailure, retryDelay } from "./retry.js";
import type { RunParts } from "./runParts.js";
import { Scheduler } from "./scheduler.js";
import { Resumption, type Waiting } from "./resumption.js";
import { dagrunTimeout, failFast, placed, storeError } from "./runErrors.js";
import { SensorBook } from "./sensorBook.js";
import { FactSheet } from "./taskFacts.js";
import type { RunResult } from "./startRun.js";
import { XcomDesk } from "./xcomDesk.js";

/** What is due at some moment. */
type Due = Waiting | "dagrun_timeout";

/** One run from its first instance to its last: carries out what the scheduler decides and records what happens. */
export class Run implements PoolClient {
  readonly xcoms: XcomDesk;
  readonly #ledger: InstanceLedger;
  readonly #scheduler: Scheduler;
  readonly #facts: FactSheet;
  readonly #agenda: Agenda<Due>;
  readonly #sensors: SensorBook;
  readonly #gate: PastGate;
  #stopWatching: (() => void) | null = null;
  readonly #last = new LastInstance();
  readonly #beat: Heartbeat;
  /** Of a run that goes on. */
  #resumption: Resumption | null = null;
  /** A task failed in a DAG that ends with its first failure. */
  #hasFailedFast = false;
  #isEnding = false;

  constructor(readonly parts: RunParts) {
    const { plan, store, openEvents, past = null } = parts;
    this.xcoms = new XcomDesk(store, (work) => this.#guard(work));
    this.#gate = new PastGate(plan, past);
    this.#scheduler = new Scheduler(plan, (task) => this.#gate.holdsSkip(task));
    this.#ledger = new InstanceLedger(plan, store, openEvents, parts.bundle);
    this.#facts = new FactSheet(plan, this.#scheduler, this.#ledger);
    this.#sensors = new SensorBook(parts.clock);
    this.#agenda = new Agenda(parts.clock, (due) => this.#guard(() => this.#resume(due)));
    const guard = (work: () => void): void => this.#guard(work);
    this.#beat = new Heartbeat({ ...parts, ledger: this.#ledger, agenda: this.#agenda, guard });
  }

  get events(): EventStream {
    return this.#ledger.events;
  }

  start(started: RunStarted): void {
    this.#go(started, () => this.#scheduler.begin());
  }

  /** Goes on from where the store says that the run stood. */
  resume(started: RunStarted): void {
    this.#go(started, () => {
      this.#resumption = new Resumption(this.parts.plan, this.parts.store, this.#ledger, this.#sensors);
      const { tasks, rows } = this.#resumption.restored;
      const effects = this.#scheduler.restore(tasks);
      const failed = rows.flat().find(({ state }) => state === "failed");
      if (failed) this.#failFast(failed);
      return effects;
    });
  }

  #go(started: RunStarted, begin: () => readonly Effect[]): void {
    if (this.#isEnding) return;
    this.#guard(() => this.events.emit(started));
    this.#beat.wake();
    this.#stopWatching = this.parts.past?.onChange(() => this.#guard(() => this.#lookBack())) ?? null;
    const limit = this.parts.plan.policy.dagrunTimeoutMs;
    if (limit !== null) this.#agenda.add(this.parts.clock.elapsed() + limit, "dagrun_timeout");
    this.#guard(() => this.#carryOut(begin()));
    if (!this.#isEnding) this.parts.pool.dispatch();
  }

  cancel(): void {
    const error: RunError = { code: "cancelled", message: "The run was cancelled." };
    if (this.#isEnding) void this.parts.pool.close();
    void this.#end("failed", { cancelled: true, error });
  }

  onFatal(error: RunError): void {
    void this.#end("failed", { cancelled: false, error });
  }

  onResult(segment: number, report: ResultReport): void {
    this.#guard(() => this.#record(report, { segment, from: report.log[0], to: report.log[1] }));
  }

  onDied(interrupted: Interrupted, error: RunError): void {
    const { at, sensor } = this.#task(interrupted.instance.task);
    const report = this.#ledger.reportOf(interrupted, placed(error, at));
    if (error.code !== "task-timeout" || sensor?.soft_fail !== true) this.onAbandoned(interrupted.segment, report);
    else this.onResult(interrupted.segment, { ...report, outcome: "skipped", error: null });
  }

  /** Whoever is to be told of it is told before anything follows from it, as where a worker lives on. */
  onAbandoned(segment: number, report: ResultReport): void {
    const job = this.#isEnding ? null : failureJob(this.#task(report.task), report, this.#ledger.baseTry(report));
    if (!job) return this.onResult(segment, report);
    const told = (end: number): void => {
      this.onResult(segment, { ...report, log: [report.log[0], end] });
      this.onBurst();
      this.parts.pool.dispatch();
    };
    this.parts.pool.callBack(job, segment).then(told, (thrown: unknown) => this.onFatal(storeError(thrown)));
  }

  onThrownLate(thrown: LateThrow, append: (log: LogRange) => LogRange): void {
    this.#guard(() => addToLog(this.parts.store, thrown, append));
  }

  onDropped(task: number, spans: readonly WaitingSpan[]): void {
    this.#guard(() => {
      for (const { from, count } of spans) {
        for (let offset = 0; offset < count; offset++) this.#skip(task, from + offset);
      }
    });
  }

  onInputs(task: number, json: string): void {
    this.#guard(() => this.#ledger.setInputs(task, json));
  }

  onActive(): void {
    this.#beat.wake();
  }

  onBurst(): void {
    this.#guard(() => {
      if (!this.#isEnding) this.#carryOut(this.#scheduler.decide());
      this.#beat.wake();
      this.#beat.commitSoon();
    });
  }

  factsOf(task: number): TaskFacts {
    return this.#facts.of(task);
  }

  resultsOf(task: number, from: number, count: number): string[] {
    return this.#ledger.results(task, from, count);
  }

  #record(report: ResultReport, log: LogRange): void {
    const { task, map_index, try_number, length, skips } = report;
    const state = this.#stateAfter(report);
    const due = this.#dueAfter(report, state);
    const row = this.#ledger.record(this.#sensors.whole(report), log, state, due);
    if (state !== "up_for_reschedule") this.#sensors.tryEnded(report);
    this.#last.note(report, state);
    if (state === "up_for_retry") this.parts.store.putTry(tryOfRow(row));
    if (due !== null)
      this.#goOnAt(due, { task, map_index, try_number: try_number + (state === "up_for_retry" ? 1 : 0) });
    else if (state === "success" || state === "failed" || state === "skipped")
      this.#scheduler.ended({ task, map_index, state, hasResult: row.xcom !== null, length, skips });
    if (state === "failed") this.#failFast(report);
  }

  #stateAfter(report: ResultReport): Outcome | "up_for_retry" {
    const { task, try_number, outcome, mayRetry } = report;
    const counted = try_number - this.#ledger.baseTry(report);
    if (outcome === "failed") return afterFailure(this.#task(task), counted, mayRetry && this.#goesOn(task));
    return outcome === "up_for_reschedule" && !this.#goesOn(task) ? "skipped" : outcome;
  }

  /** False of what the first failure has ended. */
  #goesOn(task: number): boolean {
    return !this.#hasFailedFast || this.#task(task).role === "teardown";
  }

  /** When an instance goes on that has not ended for good; null where it has. */
  #dueAfter(report: ResultReport, state: InstanceState): number | null {
    const now = this.parts.clock.now();
    const task = this.#task(report.task);
    if (state === "up_for_retry") return now + retryDelay(task, report.try_number - this.#ledger.baseTry(report));
    if (state !== "up_for_reschedule" || !task.sensor) return null;
    return this.#sensors.foundNothing(report, task.sensor);
  }

  #goOnAt(due: number, waiting: Waiting): void {
    // What ends while callbacks of the run are made, or its workers leave, goes on no more.
    if (this.#isEnding) return;
    const { clock } = this.parts;
    const wait = due - clock.now();
    if (wait <= 0) this.#makeReady(waiting);
    else this.#agenda.add(clock.elapsed() + wait, waiting);
  }

  #resume(due: readonly Due[]): void {
    for (const one of due) {
      if (one === "dagrun_timeout") this.#timeOut();
      else this.#makeReady(one);
    }
    if (!this.#isEnding) this.parts.pool.dispatch();
  }

  #timeOut(): void {
    const limit = this.parts.plan.policy.dagrunTimeoutMs ?? 0;
    void this.#end("failed", { cancelled: false, error: dagrunTimeout(limit) });
  }

  /** Source: Airflow's `_stop_remaining_tasks`; here the other instances of the task that failed are stopped as well. */
  #failFast({ task: failed, map_index }: Instance): void {
    if (this.#hasFailedFast || !this.parts.plan.policy.fail_fast) return;
    this.#hasFailedFast = true;
    const isMeant = (task: number): boolean => !this.#goesOn(task);
    for (const one of this.#agenda.remove((item) => item !== "dagrun_timeout" && isMeant(item.task))) {
      if (one !== "dagrun_timeout") this.#skip(one.task, one.map_index);
    }
    for (const { task, from, count } of this.#gate.drop(isMeant)) {
      for (let offset = 0; offset < count; offset++) this.#skip(task, from + offset);
    }
    this.#scheduler.skipWaiting(isMeant);
    this.parts.pool.ban(isMeant, failFast(this.#task(failed), map_index));
  }

  #skip(task: number, map_index: number): void {
    this.#ledger.skip(task, map_index);
    this.#scheduler.ended({ task, map_index, state: "skipped", hasResult: false, length: null, skips: [] });
  }

  #makeReady({ task, map_index, try_number }: Waiting): void {
    this.parts.store.clearXcoms(task, map_index);
    this.#ledger.forgetRunning(task, map_index);
    const since = this.#sensors.sinceOf({ task, map_index });
    this.parts.pool.ready.add(task, { from: map_index, count: 1, try_number, since });
  }

  #carryOut(effects: readonly Effect[]): void {
    const { only } = this.parts;
    this.#perform(only?.filter(effects) ?? effects);
    const end = only?.proceed(this.#ledger, this.#scheduler, (more) => this.#perform(more));
    if (end) void this.#end(end.state, { cancelled: false, ...end });
    this.#endIfStuck();
  }

  #perform(effects: Iterable<Effect>): void {
    let isExpanding = false;
    for (const effect of effects) {
      isExpanding ||= effect.type === "expand";
      switch (effect.type) {
        case "expand":
          this.#ledger.expand(effect.task, effect.count);
          break;
        case "run":
          for (const span of this.#gate.admit(effect)) this.#makeFirstTry(span);
          break;
        case "settle":
          this.#ledger.settle(effect);
          break;
        case "end":
          void this.#end(this.#hasFailedFast ? "failed" : effect.state, { cancelled: false });
      }
    }
    // Where an instance is known to have ended, the number of those that its task has must be known, too.
    if (isExpanding) this.#beat.commit();
  }

  #makeFirstTry({ task, from, count }: InstanceSpan): void {
    if (this.#resumption) {
      for (const { due, ...waiting } of this.#resumption.next({ task, from, count })) this.#goOnAt(due, waiting);
      return;
    }
    this.#ledger.schedule(task, from, count);
    this.parts.pool.ready.add(task, { from, count, try_number: 1, since: null });
  }

  /** The run before has got on: what waited for it may run, or can no longer do so. */
  #lookBack(): void {
    if (this.#isEnding) return;
    for (const span of this.#gate.release()) this.#makeFirstTry(span);
    for (const task of this.#gate.heldSkips) this.#scheduler.reconsider(task);
    this.#carryOut(this.#scheduler.decide());
    this.#beat.wake();
    this.parts.pool.dispatch();
  }

  /** Nothing is left but what the past keeps from running for ever: Airflow's deadlock. */
  #endIfStuck(): void {
    if (this.#isEnding || !this.#gate.isHolding || !this.#ledger.isIdle) return;
    const error = this.#gate.problem();
    if (error) void this.#end("failed", { cancelled: false, error });
  }

  async #end(
    state: "success" | "failed",
    { cancelled, error }: { cancelled: boolean; error?: RunError },
  ): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#agenda.clear();
    this.#stopWatching?.();
    this.#beat.stop();
    const problem = error ?? null;
    await this.#last.tell(this.parts, state, problem);
    const closing = this.parts.pool.close();
    const result: RunResult = { state, cancelled, ...(problem && { error: problem }) };
    try {
      if (problem)
        this.#ledger.stopAll(await closing, problem, problem.code === "dagrun-timeout" ? "skipped" : "failed");
      this.parts.store.setRunState(state, Date.now(), problem);
      this.#beat.commit();
      this.events.emit({ type: "run_finished", ...result });
    } catch (thrown) {
      const unwritten: RunResult = { ...result, state: "failed", error: storeError(thrown) };
      this.events.emitAnyhow({ type: "run_finished", ...unwritten });
      return this.parts.onEnd(unwritten);
    }
    this.parts.onEnd(result);
  }

  /** A store that cannot write ends the run; it must not end the process that other runs live in. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#beat.lost();
      this.onFatal(storeError(thrown));
    }
  }

  #task(position: number): PlanTask {
    const task = this.parts.plan.tasks[position];
    if (!task) throw new RangeError(`no task ${String(position)}`);
    return task;
  }
}
