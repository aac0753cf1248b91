import type { RunStarted } from "#core/model/runEvent.js";
import type { RunError } from "#core/model/run.js";
import type { LateThrow, ResultReport, TaskFacts } from "../pool/messages.js";
import type { Interrupted, PoolClient } from "../pool/poolClient.js";
import type { WaitingSpan } from "../pool/readyQueue.js";
import type { LogRange } from "../store/runStore.js";
import { addToLog } from "./addToLog.js";
import { Agenda } from "./agenda.js";
import { failureJob } from "./callbackJobs.js";
import type { Due } from "./due.js";
import type { Effect } from "./effects.js";
import type { EventStream } from "./eventStream.js";
import { FirstFailure } from "./firstFailure.js";
import { Heartbeat } from "./heartbeat.js";
import { InstanceLedger } from "./instanceLedger.js";
import { LongRunners } from "./longRunners.js";
import { PastGate } from "./pastGate.js";
import { taskAt } from "./plan.js";
import { RunEnd } from "./runEnd.js";
import { dagrunTimeout, placed, storeError } from "./runErrors.js";
import type { RunParts } from "./runParts.js";
import { Scheduler } from "./scheduler.js";
import { FactSheet } from "./taskFacts.js";
import { Tries } from "./tries.js";
import { reportOf } from "./unreported.js";
import { XcomDesk } from "./xcomDesk.js";

/** One run from its first instance to its last: carries out what the scheduler decides and records what happens. */
export class Run implements PoolClient {
  readonly xcoms: XcomDesk;
  readonly #ledger: InstanceLedger;
  readonly #scheduler: Scheduler;
  readonly #facts: FactSheet;
  readonly #agenda: Agenda<Due>;
  readonly #gate: PastGate;
  readonly #beat: Heartbeat;
  readonly #end: RunEnd;
  readonly #firstFailure: FirstFailure;
  readonly #tries: Tries;
  #stopWatching: (() => void) | null = null;

  constructor(readonly parts: RunParts) {
    const { plan, store, openEvents, past = null } = parts;
    const guard = (work: () => void): void => this.#guard(work);
    this.xcoms = new XcomDesk(store, guard);
    this.#gate = new PastGate(plan, past);
    this.#scheduler = new Scheduler(plan, (task) => this.#gate.holdsSkip(task));
    this.#ledger = new InstanceLedger(plan, store, openEvents, parts.bundle);
    this.#facts = new FactSheet(plan, this.#scheduler, this.#ledger);
    this.#agenda = new Agenda(parts.clock, (due) => this.#guard(() => this.#goOn(due)));
    const longRunners = new LongRunners(this.#ledger);
    const shared = { ...parts, ledger: this.#ledger, scheduler: this.#scheduler, agenda: this.#agenda, longRunners };
    this.#beat = new Heartbeat({ ...shared, events: this.events, guard });
    this.#end = new RunEnd({ ...shared, beat: this.#beat, onEnding: () => this.#beginNothing() });
    this.#firstFailure = new FirstFailure({ ...shared, gate: this.#gate });
    this.#tries = new Tries({ ...shared, firstFailure: this.#firstFailure, end: this.#end });
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
      const { tasks, rows } = this.#tries.resume();
      const effects = this.#scheduler.restore(tasks);
      const failed = rows.flat().find(({ state }) => state === "failed");
      if (failed) this.#firstFailure.note(failed);
      return effects;
    });
  }

  #go(started: RunStarted, begin: () => readonly Effect[]): void {
    if (this.#end.isEnding) return;
    this.#guard(() => this.events.emit(started));
    this.#beat.wake();
    this.#stopWatching = this.parts.past?.onChange(() => this.#guard(() => this.#lookBack())) ?? null;
    const limit = this.parts.plan.policy.dagrunTimeoutMs;
    if (limit !== null) this.#agenda.add(this.parts.clock.elapsed() + limit, "dagrun_timeout");
    this.#guard(() => this.#carryOut(begin()));
    if (!this.#end.isEnding) this.parts.pool.dispatch();
  }

  cancel(): void {
    this.#end.cancel();
  }

  onFatal(error: RunError): void {
    this.#end.finish("failed", error);
  }

  onResult(segment: number, report: ResultReport): void {
    this.#guard(() => this.#record(report, { segment, from: report.log[0], to: report.log[1] }));
  }

  onDied(interrupted: Interrupted, error: RunError): void {
    const { at, sensor } = taskAt(this.parts.plan, interrupted.instance.task);
    const report = reportOf(interrupted, placed(error, at), this.parts.store);
    if (error.code !== "task-timeout" || sensor?.soft_fail !== true) this.onAbandoned(interrupted.segment, report);
    else this.onResult(interrupted.segment, { ...report, outcome: "skipped", error: null });
  }

  /** Whoever is to be told of it is told before anything follows from it, as where a worker lives on. */
  onAbandoned(segment: number, report: ResultReport): void {
    const task = taskAt(this.parts.plan, report.task);
    const job = this.#end.isEnding ? null : failureJob(task, report, this.#ledger.baseTry(report));
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
      for (const { from, count } of spans) this.#firstFailure.skip({ task, from, count });
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
      if (!this.#end.isEnding) this.#carryOut(this.#scheduler.decide());
      this.#beat.wake();
      this.#beat.commitSoon();
    });
  }

  factsOf(task: number): TaskFacts {
    return this.#facts.of(task);
  }

  resultsOf(task: number, from: number, count: number): string[] {
    let results: string[] = [];
    this.#guard(() => (results = this.#ledger.results(task, from, count)));
    return results;
  }

  #record(report: ResultReport, log: LogRange): void {
    const state = this.#tries.ended(report, log);
    this.#end.note(report, state);
    if (state === "failed") this.#firstFailure.note(report);
  }

  #goOn(due: readonly Due[]): void {
    for (const one of due) {
      if (one === "dagrun_timeout") this.onFatal(dagrunTimeout(this.parts.plan.policy.dagrunTimeoutMs ?? 0));
      else this.#tries.makeReady(one);
    }
    if (!this.#end.isEnding) this.parts.pool.dispatch();
  }

  #carryOut(effects: readonly Effect[]): void {
    const { only } = this.parts;
    this.#perform(only?.filter(effects) ?? effects);
    const end = only?.proceed(this.#ledger, this.#scheduler, (more) => this.#perform(more));
    if (end) this.#end.finish(end.state, end.error ?? null);
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
          for (const span of this.#gate.admit(effect)) this.#tries.begin(span);
          break;
        case "settle":
          this.#ledger.settle(effect.reason === "stopped" ? this.#firstFailure.skips(effect) : effect);
          break;
        case "end":
          this.#end.finish(this.#firstFailure.hasFailed ? "failed" : effect.state, null);
      }
    }
    // Where an instance is known to have ended, the number of those that its task has must be known, too.
    if (isExpanding) this.#beat.commit();
  }

  /** The run before has got on: what waited for it may run, or can no longer do so. */
  #lookBack(): void {
    if (this.#end.isEnding) return;
    for (const span of this.#gate.release()) this.#tries.begin(span);
    for (const task of this.#gate.heldSkips) this.#scheduler.reconsider(task);
    this.#carryOut(this.#scheduler.decide());
    this.#beat.wake();
    this.parts.pool.dispatch();
  }

  /** Nothing is left but what the past keeps from running for ever: Airflow's deadlock. */
  #endIfStuck(): void {
    if (this.#end.isEnding || !this.#gate.isHolding || !this.#ledger.isIdle) return;
    const error = this.#gate.problem();
    if (error) this.onFatal(error);
  }

  #beginNothing(): void {
    this.#agenda.clear();
    this.#stopWatching?.();
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
}
