import type { DagDeclaration } from "../authoring/declaration.js";
import { REPORT, type ResultReport, type RunFacts, type TaskFacts, encodeResult } from "../pool/messages.js";
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
    own: OwnFolders,
  ) {
    const access = { names: new TaskNames(dag), xcoms: new Xcoms(channel) };
    this.#inputs = new InputResolver(dag, access.names, new Results(channel));
    this.#pipeline = new Pipeline(dag, run, this.#inputs, access, own);
    this.#logEnd = channel.logSize();
    maskOutput();
  }

  prepare(task: number, facts: TaskFacts): void {
    const declaration = this.dag.tasks[task];
    if (!declaration) throw new RangeError(`no task ${String(task)}`);
    const context = makeContext({ dag: this.dag, declaration, run: this.run, count: facts.count });
    this.#prepared.set(task, { position: task, declaration, facts, context });
    this.channel.report(`${REPORT.inputs}${JSON.stringify([task])}\t${maskJson(describeJson(declaration.inputs))}\n`);
  }

  async runInstance(task: number, map_index: number, try_number: number, waitedMs = 0): Promise<void> {
    const prepared = this.#prepared.get(task);
    if (!prepared) throw new RangeError(`task ${String(task)} was not prepared`);
    const startedAt = performance.now();
    const found = { startedAt, waitedMs, start: Date.now(), logFrom: this.#logEnd };
    this.#running = { task, map_index, try_number, ...found, inputs: null, pushedResult: null };
    this.#finish(await this.#pipeline.execute(prepared, this.#running));
    if (prepared.facts.isEarly) this.#inputs.results.forget();
  }

  /** The process is beyond repair because of `thrown`, which nobody awaited: the running instance answers for it. */
  abandon(thrown: unknown): void {
    if (this.#running) this.#finish(this.#pipeline.failed(thrown, this.#running));
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
