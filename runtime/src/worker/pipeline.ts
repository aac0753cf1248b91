import type { SourcePoint } from "#core/model/source.js";
import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { registry } from "../authoring/registry.js";
import type { BaseContext } from "../authoring/context.js";
import type { Context } from "../authoring/types/context.js";
import type { RunFacts } from "../pool/messages.js";
import { decideSkips } from "./control.js";
import { type InputResolver, mergeInputs } from "./inputs.js";
import type { Ending, PreparedTask, Running } from "./instance.js";
import { describeJson, toResultJson } from "./json.js";
import { mappedLength } from "./mappedLength.js";
import { multipleOutputs } from "./multipleOutputs.js";
import { type XcomAccess, taskInstanceOf } from "./taskInstance.js";
import { render } from "./templates/render.js";
import { type OwnFolders, describeThrown } from "./userError.js";

/** What one try of an instance goes through: its inputs are resolved and rendered, its body runs, its result is checked. */
export class Pipeline {
  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
    readonly access: XcomAccess,
    readonly own: OwnFolders,
  ) {}

  async execute(prepared: PreparedTask, running: Running): Promise<Ending> {
    const shared = registry();
    try {
      const context = this.#contextOf(prepared.context, running);
      shared.context = context;
      const inputs = render(prepared.declaration, this.#resolve(prepared, running), context);
      return this.#succeeded(prepared, running, await prepared.declaration.execute(inputs, context));
    } catch (thrown) {
      return SkipException.is(thrown) ? skipped(thrown) : this.failed(thrown, running);
    } finally {
      shared.context = undefined;
    }
  }

  /** How a try ends because of `thrown`. */
  failed(thrown: unknown, running: Running): Ending {
    const described = describeThrown(thrown, "task-failed", this.own);
    const at = described.at ?? this.#placeOf(running.task);
    const error = { ...described, ...(at && { at }) };
    console.error(error.stack ?? error.message);
    return { outcome: "failed", xcom: null, length: null, error, mayRetry: !FailException.is(thrown) };
  }

  #contextOf(base: BaseContext, running: Running): Context {
    const ti = taskInstanceOf(base.ti, running, this.access);
    return { ...base, ti, task_instance: ti, try_number: running.try_number };
  }

  #resolve({ declaration, facts }: PreparedTask, running: Running): Record<string, unknown> {
    const shared = this.inputs.shared(declaration, facts);
    if (!declaration.mapping) return shared;
    const mapped = this.inputs.mapped(declaration.mapping, running.map_index, facts);
    running.inputs = describeJson(mapped);
    return mergeInputs(declaration, shared, mapped);
  }

  #succeeded({ declaration, facts }: PreparedTask, running: Running, value: unknown): Ending {
    const returned = declaration.do_xcom_push ? toResultJson(value) : null;
    const length = facts.isMappingSource ? mappedLength(declaration, value, returned, this.run.maxMapLength) : null;
    if (declaration.multiple_outputs && returned !== null) this.#pushEntries(declaration, running, value);
    const skips = declaration.control ? decideSkips(this.dag, declaration, declaration.control, value) : [];
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
  return { outcome: "skipped", xcom: null, length: null, error: null, mayRetry: false };
}
