import type { SourcePoint } from "#core/model/source.js";
import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { registry } from "../authoring/registry.js";
import type { Outcome, RunFacts } from "../pool/messages.js";
import { instanceContext } from "./context.js";
import { decideSkips } from "./control.js";
import type { InputResolver } from "./inputs.js";
import type { Ending, PreparedTask, Running } from "./instance.js";
import { toResultJson } from "./json.js";
import { maskError } from "./masking.js";
import { mappedLength } from "./mappedLength.js";
import { multipleOutputs } from "./multipleOutputs.js";
import { Receiver } from "./receiver.js";
import { Reschedule, isSensorTimeout, runBody } from "./sensor.js";
import { refuseOtherDates } from "./taskDates.js";
import { type XcomAccess, taskInstanceOf } from "./taskInstance.js";
import { type OwnFolders, describeThrown } from "./userError.js";

/** What one try of an instance goes through: its inputs are resolved and rendered, its body runs, its result is checked. */
export class Pipeline {
  readonly #receiver: Receiver;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
    readonly access: XcomAccess,
    readonly own: OwnFolders,
  ) {
    this.#receiver = new Receiver(dag, run, inputs);
  }

  async execute(prepared: PreparedTask, running: Running): Promise<Ending> {
    const shared = registry();
    try {
      refuseOtherDates(prepared.declaration, this.run.logical_date);
      const context = instanceContext(prepared.context, taskInstanceOf(prepared.context.ti, running, this.access));
      shared.context = context;
      const inputs = this.#receiver.receive(prepared, running, context);
      return this.#succeeded(
        prepared,
        running,
        await runBody(prepared.declaration, running, () => prepared.declaration.execute(inputs, context)),
      );
    } catch (thrown) {
      if (thrown instanceof Reschedule) return ended("up_for_reschedule");
      return SkipException.is(thrown) ? skipped(thrown) : this.failed(thrown, running);
    } finally {
      shared.context = undefined;
    }
  }

  /** How a try ends because of `thrown`. */
  failed(thrown: unknown, running: Running): Ending {
    const described = describeThrown(thrown, "task-failed", this.own);
    const at = described.at ?? this.#placeOf(running.task);
    const error = maskError({ ...described, ...(at && { at }) });
    console.error(error.stack ?? error.message);
    return {
      outcome: "failed",
      xcom: null,
      length: null,
      error,
      mayRetry: !FailException.is(thrown) && !isSensorTimeout(thrown),
    };
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

function skipped(thrown: SkipException): Ending {
  console.log(`Skipped: ${thrown.message}`);
  return ended("skipped");
}

function ended(outcome: Outcome): Ending {
  return { outcome, xcom: null, length: null, error: null, mayRetry: false };
}
