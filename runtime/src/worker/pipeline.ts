import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import type { CallbackFunction, DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { registry } from "../authoring/registry.js";
import { maskSecrets } from "../authoring/secrets.js";
import type { Context } from "../authoring/types/context.js";
import { type Outcome, REPORT, type RunFacts } from "../pool/messages.js";
import { callBack } from "./callbacks.js";
import type { EngineLink } from "./channel.js";
import { instanceContext } from "./context.js";
import { decideSkips } from "./control.js";
import type { InputResolver } from "./inputs.js";
import type { Ending, PreparedTask, Running } from "./instance.js";
import { toResultJson } from "./json.js";
import { maskError } from "./masking.js";
import { mappedLength } from "./mappedLength.js";
import { multipleOutputs } from "./multipleOutputs.js";
import { isWorthTelling } from "./pace.js";
import { Receiver } from "./receiver.js";
import { Reschedule, isSensorTimeout, runBody } from "./sensor.js";
import { refuseOtherDates } from "./taskDates.js";
import { type XcomAccess, taskInstanceOf } from "./taskInstance.js";
import { type OwnFolders, describeThrown } from "./userError.js";

type Values = Readonly<Record<string, unknown>>;

/** Characters of a name, as Airflow keeps them. */
const MOST_NAME = 250;

/** What one try of an instance goes through: its inputs are resolved and rendered, its body runs, its result is checked. */
export class Pipeline {
  readonly #receiver: Receiver;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
    readonly access: XcomAccess,
    readonly link: Pick<EngineLink, "report">,
    readonly own: OwnFolders,
  ) {
    this.#receiver = new Receiver(dag, run, inputs);
  }

  /** A promise only where the body gives one: promises cost as much as everything else that a quick instance needs. */
  execute(prepared: PreparedTask, running: Running): Ending | Promise<Ending> {
    try {
      const context = this.contextOf(prepared, running);
      refuseOtherDates(prepared.declaration, this.run.logical_date);
      const inputs = this.#receiver.receive(prepared, running, context);
      this.#tellName(prepared, running);
      if (isWorthTelling(prepared.pace, running)) this.tellInputs(running);
      const value = this.#runBody(prepared.declaration, running, inputs, context);
      if (isThenable(value)) return this.#whenDone(prepared, running, value);
      return this.#succeeded(prepared, running, value);
    } catch (thrown) {
      return this.#endedBy(thrown, running);
    }
  }

  async #whenDone(prepared: PreparedTask, running: Running, value: PromiseLike<unknown>): Promise<Ending> {
    try {
      return this.#succeeded(prepared, running, await value);
    } catch (thrown) {
      return this.#endedBy(thrown, running);
    }
  }

  #endedBy(thrown: unknown, running: Running): Ending {
    if (thrown instanceof Reschedule) return ended("up_for_reschedule");
    return SkipException.is(thrown) ? skipped(thrown) : this.failed(thrown, running);
  }

  /** From here on `get_current_context()` knows it, until somebody else's is made or it is forgotten. */
  contextOf({ context: base }: PreparedTask, running: Running): Context {
    const context = instanceContext(base, taskInstanceOf(base.ti, running, this.access));
    running.context = context;
    registry().context = context;
    return context;
  }

  /**
   * The rendered `map_index_template`, for which the task may have put names into the context; null where there is none.
   * A name that cannot be told takes nothing from what the instance did: the log says why.
   */
  nameOf(prepared: PreparedTask, running: Running): string | null {
    try {
      return this.#renderName(prepared, running);
    } catch (thrown) {
      const { message } = describeThrown(thrown, "template-failed", this.own);
      console.error(`The instance keeps its number for a name: ${message}`);
      return null;
    }
  }

  /**
   * What there is of the name before the body runs, as in Airflow: for those who look meanwhile, and should the body take
   * its process along. What cannot be rendered yet may be once the body has run.
   */
  #tellName(prepared: PreparedTask, running: Running): void {
    try {
      const name = this.#renderName(prepared, running);
      if (name !== null) this.link.report(`${REPORT.named}${JSON.stringify(name)}\n`);
    } catch {
      // `nameOf` says why, where it still cannot.
    }
  }

  /** As the name: Airflow stores rendered fields before the task runs, too. */
  tellInputs({ inputs }: Running): void {
    this.link.report(`${REPORT.received}${inputs ?? ""}\n`);
  }

  #renderName({ declaration }: PreparedTask, { context }: Running): string | null {
    const { map_index_template: template } = declaration;
    if (template === null || !context) return null;
    const name = this.#receiver.renderText("map_index_template", template, declaration, context);
    return maskSecrets(name).slice(0, MOST_NAME) || null;
  }

  /** What the code of a task threw. */
  describe(thrown: unknown, task: number): RunError {
    const described = describeThrown(thrown, "task-failed", this.own);
    const at = described.at ?? this.#placeOf(task);
    return maskError({ ...described, ...(at && { at }) });
  }

  /** How a try ends because of `thrown`. */
  failed(thrown: unknown, running: Running): Ending {
    const error = this.describe(thrown, running.task);
    console.error(error.stack ?? error.message);
    if (running.context) (running.context as { exception: unknown }).exception = thrown;
    const mayRetry = !FailException.is(thrown) && !isSensorTimeout(thrown);
    return { outcome: "failed", xcom: null, length: null, error, mayRetry };
  }

  /** Callbacks stand between what prepares the body and the body. */
  #runBody(declaration: TaskDeclaration, running: Running, inputs: Values, context: Context): unknown {
    const { callbacks, sensor } = declaration;
    if (callbacks.on_execute.length === 0 && !sensor) return declaration.execute(inputs, context);
    return declaration.execute(inputs, context, async (body) => {
      await this.#begin(callbacks.on_execute, running, context);
      return runBody(declaration, running, body);
    });
  }

  /** What callbacks take before the body is not the instance's time. */
  async #begin(callbacks: readonly CallbackFunction[], running: Running, context: Context): Promise<void> {
    if (callbacks.length === 0) return;
    const before = performance.now();
    this.link.report(`${REPORT.callbacksBegin}\n`);
    await callBack({ name: "on_execute_callback", callbacks }, context, this.own);
    this.link.report(`${REPORT.callbacksEnd}\n`);
    running.startedAt += performance.now() - before;
  }

  #succeeded({ declaration, facts }: PreparedTask, running: Running, value: unknown): Ending {
    const returned = declaration.do_xcom_push ? toResultJson(value) : null;
    const length = facts.isMappingSource ? mappedLength(declaration, value, returned, this.run.maxMapLength) : null;
    if (declaration.multiple_outputs && returned !== null) this.#pushEntries(declaration, running, value);
    const { control } = declaration;
    const skips = control ? decideSkips({ dag: this.dag, names: this.access.names }, declaration, control, value) : [];
    const xcom = returned ?? running.pushedResult;
    return { outcome: "success", xcom, length, error: null, mayRetry: false, skips };
  }

  #pushEntries(declaration: TaskDeclaration, { task, map_index }: Running, value: unknown): void {
    const entries = multipleOutputs(declaration, value);
    if (entries.length > 0) this.access.xcoms.push({ task, map_index, entries });
  }

  /** The call that made the task, for what no line of its body is to blame for. */
  #placeOf(task: number): SourcePoint | undefined {
    return this.dag.tasks[task]?.at;
  }
}

/** Whatever `await` waits for; one whose `then` throws when it is read fails the instance as any other value would. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  const mayBe = (typeof value === "object" && value !== null) || typeof value === "function";
  return mayBe && typeof (value as { then?: unknown }).then === "function";
}

function skipped(thrown: SkipException): Ending {
  console.log(`Skipped: ${thrown.message}`);
  return ended("skipped");
}

function ended(outcome: Outcome): Ending {
  return { outcome, xcom: null, length: null, error: null, mayRetry: false };
}
