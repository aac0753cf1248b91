import type { DagDeclaration } from "../authoring/declaration.js";
import { registry } from "../authoring/registry.js";
import { UNKNOWN_INPUTS } from "../engine/resultMarker.js";
import { FanoutError } from "../errors.js";
import {
  type CallbackJob,
  REPORT,
  type ResultReport,
  type RunFacts,
  type TaskFacts,
  encodeResult,
} from "../pool/messages.js";
import { callBack, dueCallbacks, jobCallbacks } from "./callbacks.js";
import type { EngineLink } from "./channel.js";
import { makeContext } from "./context.js";
import { InputResolver } from "./inputs.js";
import type { Ending, PreparedTask, Running } from "./instance.js";
import { describeJson } from "./json.js";
import { maskJson, maskOutput } from "./masking.js";
import { Pipeline } from "./pipeline.js";
import { Results } from "./results.js";
import { TaskNames } from "./taskNames.js";
import type { OwnFolders } from "./userError.js";
import { Xcoms } from "./xcoms.js";

const NO_SKIPS: readonly number[] = [];

/** Runs instances, one at a time, and reports each when it ends. */
export class InstanceRunner {
  readonly #prepared = new Map<number, PreparedTask>();
  readonly #inputs: InputResolver;
  readonly #pipeline: Pipeline;
  #running: Running | null = null;
  #logEnd = 0;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly channel: EngineLink,
    readonly own: OwnFolders,
  ) {
    const access = { names: new TaskNames(dag), xcoms: new Xcoms(channel) };
    this.#inputs = new InputResolver(dag, access.names, new Results(channel));
    this.#pipeline = new Pipeline(dag, run, this.#inputs, access, channel, own);
    this.#logEnd = channel.logSize();
    maskOutput();
  }

  prepare(task: number, facts: TaskFacts): void {
    const declaration = this.dag.tasks[task];
    if (!declaration) throw new RangeError(`no task ${String(task)}`);
    const context = makeContext({ dag: this.dag, declaration, run: this.run, count: facts.count });
    const baseTries = new Map(facts.baseTries);
    const pace = this.#prepared.get(task)?.pace ?? { count: 0, ms: 0 };
    this.#prepared.set(task, { position: task, declaration, facts, context, baseTries, pace });
    this.channel.report(`${REPORT.inputs}${JSON.stringify([task])}\t${maskJson(describeJson(declaration.inputs))}\n`);
  }

  /** Undefined where the instance has ended already. */
  runInstance(task: number, map_index: number, try_number: number, waitedMs = 0): Promise<void> | undefined {
    const prepared = this.#prepared.get(task);
    if (!prepared) throw new RangeError(`task ${String(task)} was not prepared`);
    const startedAt = performance.now();
    const base_try = prepared.baseTries.get(map_index) ?? 0;
    // Written out, as the report: this is done for each of 100,000 instances, and spreading is slow.
    const running: Running = {
      task,
      map_index,
      try_number,
      base_try,
      start: Date.now(),
      startedAt,
      waitedMs,
      logFrom: this.#logEnd,
      inputs: UNKNOWN_INPUTS,
      pushedResult: null,
    };
    this.#running = running;
    if (prepared.declaration.executionTimeoutMs !== null) this.channel.report(`${REPORT.began}\n`);
    const ending = this.#pipeline.execute(prepared, running);
    if ("outcome" in ending) return this.#end(prepared, running, ending);
    return ending.then((found) => this.#end(prepared, running, found));
  }

  #end(prepared: PreparedTask, running: Running, ending: Ending): Promise<void> | undefined {
    const report = this.#reportOf(prepared, running, ending);
    prepared.pace.count++;
    prepared.pace.ms += report.duration_ms;
    const due = dueCallbacks(prepared.declaration, report, running.try_number - running.base_try);
    const finish = (): void => {
      this.#finish(report);
      if (prepared.facts.isEarly) this.#inputs.results.forget();
    };
    if (due.callbacks.length === 0 || !running.context) return void finish();
    running.isOver = true;
    this.channel.report(encodeResult(report, REPORT.callbacksBegin));
    return callBack(due, running.context, this.own).then(finish);
  }

  /** The engine knows nothing of what has been running for a while. What is over has told everything. */
  tellInputs(): void {
    if (this.#running && this.#running.isOver !== true) this.#pipeline.tellInputs(this.#running);
  }

  /** Makes callbacks that no instance of this process is waited for by. */
  async runCallbacks(job: CallbackJob): Promise<void> {
    const prepared = this.#prepared.get(job.task);
    if (!prepared) throw new RangeError(`task ${String(job.task)} was not prepared`);
    const { task, map_index, try_number, start, error, reason } = job;
    const startedAt = performance.now();
    const logFrom = this.#logEnd;
    const base_try = prepared.baseTries.get(map_index) ?? 0;
    const found = { start, startedAt, logFrom, base_try, waitedMs: 0 };
    const running = { task, map_index, try_number, ...found, inputs: null, pushedResult: null };
    const exception = error && FanoutError.from(error);
    const context = Object.assign(
      this.#pipeline.contextOf(prepared, running),
      exception && { exception },
      reason !== null && { reason },
    );
    await callBack(jobCallbacks(this.dag, job), context, this.own);
    registry().context = undefined;
    this.#logEnd = this.channel.endLog(logFrom);
    this.channel.report(`${REPORT.calledBack}${JSON.stringify([logFrom, this.#logEnd])}\n`);
  }

  /**
   * The process is beyond repair because of `thrown`, which nobody awaited: the running instance answers for it, and
   * has it in its log. False where none is running.
   */
  abandon(thrown: unknown): boolean {
    const running = this.#running;
    const prepared = running && this.#prepared.get(running.task);
    // What became of an instance that is over has been told.
    if (!prepared || running.isOver === true) return false;
    const report = this.#reportOf(prepared, running, this.#pipeline.failed(thrown, running));
    const { callbacks } = dueCallbacks(prepared.declaration, report, running.try_number - running.base_try);
    this.#finish(report, callbacks.length > 0 ? REPORT.abandoned : REPORT.result);
    return true;
  }

  /** What the code of a task threw, as its log shows it. */
  describe(thrown: unknown, task: number): string {
    const { stack, message } = this.#pipeline.describe(thrown, task);
    return stack ?? message;
  }

  #reportOf(prepared: PreparedTask, running: Running, ending: Ending): ResultReport {
    const { task, map_index, try_number, start, startedAt, logFrom, inputs } = running;
    const duration_ms = Math.round((performance.now() - startedAt) * 1000) / 1000;
    const log = [logFrom, logFrom] as const;
    const name = this.#pipeline.nameOf(prepared, running);
    const { outcome, xcom, length, error, mayRetry, skips = NO_SKIPS } = ending;
    return {
      task,
      map_index,
      try_number,
      outcome,
      start,
      duration_ms,
      log,
      length,
      name,
      error,
      mayRetry,
      skips,
      xcom,
      inputs,
    };
  }

  #finish(report: ResultReport, as: typeof REPORT.result | typeof REPORT.abandoned = REPORT.result): void {
    registry().context = undefined;
    this.#running = null;
    this.#logEnd = this.channel.endLog(report.log[0]);
    this.channel.report(encodeResult({ ...report, log: [report.log[0], this.#logEnd] }, as));
  }
}
