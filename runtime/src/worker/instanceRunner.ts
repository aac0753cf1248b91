import { makeContext } from "../authoring/context.js";
import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { registry } from "../authoring/registry.js";
import type { Context } from "../authoring/types/context.js";
import {
  type Outcome,
  REPORT,
  type ResultReport,
  type RunFacts,
  type TaskFacts,
  encodeResult,
} from "../pool/messages.js";
import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import type { Channel } from "./channel.js";
import { decideSkips } from "./control.js";
import { InputResolver, mergeInputs } from "./inputs.js";
import { describeJson, toResultJson } from "./json.js";
import { mappedLength } from "./mappedLength.js";
import { Results } from "./results.js";
import { type OwnFolders, describeThrown } from "./userError.js";

interface PreparedTask {
  readonly declaration: TaskDeclaration;
  readonly facts: TaskFacts;
  readonly context: Context;
}

interface Running {
  readonly task: number;
  readonly map_index: number;
  readonly try_number: number;
  readonly start: number;
  readonly startedAt: number;
  readonly logFrom: number;
  inputs: string | null;
}

interface Ending {
  readonly outcome: Outcome;
  readonly xcom: string | null;
  readonly length: number | null;
  readonly error: RunError | null;
  readonly mayRetry: boolean;
  readonly skips?: readonly number[];
}

/** Runs instances, one at a time, and reports each when it ends. */
export class InstanceRunner {
  readonly #prepared = new Map<number, PreparedTask>();
  readonly #inputs: InputResolver;
  #running: Running | null = null;
  #logEnd = 0;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly channel: Channel,
    readonly own: OwnFolders,
  ) {
    this.#inputs = new InputResolver(dag, new Results(channel));
    this.#logEnd = channel.logSize();
  }

  prepare(task: number, facts: TaskFacts): void {
    const declaration = this.dag.tasks[task];
    if (!declaration) throw new RangeError(`no task ${String(task)}`);
    const { run_id, logical_date, params } = this.run;
    const { task_id, retries } = declaration;
    const identity = { dag_id: this.dag.dag_id, task_id, run_id, logical_date, max_tries: retries + 1 };
    const context = makeContext({ ...identity, map_index: -1, try_number: 1, expanded_ti_count: facts.count });
    this.#prepared.set(task, { declaration, facts, context: { ...context, params: Object.freeze({ ...params }) } });
    this.channel.report(`${REPORT.inputs}${JSON.stringify([task])}\t${describeJson(declaration.inputs)}\n`);
  }

  async runInstance(task: number, map_index: number, try_number: number): Promise<void> {
    const prepared = this.#prepared.get(task);
    if (!prepared) throw new RangeError(`task ${String(task)} was not prepared`);
    const startedAt = performance.now();
    this.#running = { task, map_index, try_number, start: Date.now(), startedAt, logFrom: this.#logEnd, inputs: null };
    this.#finish(await this.#execute(prepared, this.#running));
    if (prepared.facts.isEarly) this.#inputs.results.forget();
  }

  /** The process is beyond repair because of `thrown`, which nobody awaited: the running instance answers for it. */
  abandon(thrown: unknown): void {
    if (this.#running) this.#finish(this.#failed(thrown));
  }

  async #execute(prepared: PreparedTask, running: Running): Promise<Ending> {
    const shared = registry();
    try {
      const context = contextOf(prepared.context, running);
      shared.context = context;
      const inputs = this.#resolveInputs(prepared, running);
      return this.#succeeded(prepared, await prepared.declaration.execute(inputs, context));
    } catch (thrown) {
      return SkipException.is(thrown) ? this.#skipped(thrown) : this.#failed(thrown);
    } finally {
      shared.context = undefined;
    }
  }

  #resolveInputs({ declaration, facts }: PreparedTask, running: Running): Record<string, unknown> {
    const shared = this.#inputs.shared(declaration, facts);
    if (!declaration.mapping) return shared;
    const mapped = this.#inputs.mapped(declaration.mapping, running.map_index, facts);
    running.inputs = describeJson(mapped);
    return mergeInputs(declaration, shared, mapped);
  }

  #succeeded({ declaration, facts }: PreparedTask, value: unknown): Ending {
    const xcom = declaration.do_xcom_push ? toResultJson(value) : null;
    const length = facts.isMappingSource ? mappedLength(declaration, value, xcom, this.run.maxMapLength) : null;
    const skips = declaration.control ? decideSkips(this.dag, declaration, declaration.control, value) : [];
    return { outcome: "success", xcom, length, error: null, mayRetry: false, skips };
  }

  #skipped(thrown: SkipException): Ending {
    console.log(`Skipped: ${thrown.message}`);
    return { outcome: "skipped", xcom: null, length: null, error: null, mayRetry: false };
  }

  #failed(thrown: unknown): Ending {
    const described = describeThrown(thrown, "task-failed", this.own);
    const at = described.at ?? this.#placeOf(this.#running?.task);
    const error = { ...described, ...(at && { at }) };
    console.error(error.stack ?? error.message);
    return { outcome: "failed", xcom: null, length: null, error, mayRetry: !FailException.is(thrown) };
  }

  /** The call that made the task, for what no line of its body is to blame for. */
  #placeOf(task: number | undefined): SourcePoint | undefined {
    return task === undefined ? undefined : this.dag.tasks[task]?.at;
  }

  #finish(ending: Ending): void {
    const running = this.#running;
    if (!running) return;
    this.#running = null;
    const { task, map_index, try_number, start, startedAt, logFrom, inputs } = running;
    const duration_ms = Math.round((performance.now() - startedAt) * 1000) / 1000;
    this.#logEnd = this.channel.logSize();
    const log = [logFrom, this.#logEnd] as const;
    const report: ResultReport = { task, map_index, try_number, start, duration_ms, log, inputs, skips: [], ...ending };
    this.channel.report(encodeResult(report));
  }
}

function contextOf(base: Context, { map_index, try_number }: Running): Context {
  const ti = { ...base.ti, map_index, try_number };
  return { ...base, ti, task_instance: ti, try_number };
}
