import type { SourcePoint } from "#core/model/source.js";
import type { DagDeclaration } from "../authoring/declaration.js";
import { FailException, SkipException } from "../authoring/exceptions.js";
import { registry } from "../authoring/registry.js";
import type { Context } from "../authoring/types/context.js";
import type { RunFacts } from "../pool/messages.js";
import { decideSkips } from "./control.js";
import { type InputResolver, mergeInputs } from "./inputs.js";
import type { Ending, PreparedTask, Running } from "./instance.js";
import { describeJson, toResultJson } from "./json.js";
import { mappedLength } from "./mappedLength.js";
import { render } from "./templates/render.js";
import { type OwnFolders, describeThrown } from "./userError.js";

/** What one try of an instance goes through: its inputs are resolved and rendered, its body runs, its result is checked. */
export class Pipeline {
  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
    readonly own: OwnFolders,
  ) {}

  async execute(prepared: PreparedTask, running: Running): Promise<Ending> {
    const shared = registry();
    try {
      const context = contextOf(prepared.context, running);
      shared.context = context;
      const inputs = render(prepared.declaration, this.#resolve(prepared, running), context);
      return this.#succeeded(prepared, await prepared.declaration.execute(inputs, context));
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

  #resolve({ declaration, facts }: PreparedTask, running: Running): Record<string, unknown> {
    const shared = this.inputs.shared(declaration, facts);
    if (!declaration.mapping) return shared;
    const mapped = this.inputs.mapped(declaration.mapping, running.map_index, facts);
    running.inputs = describeJson(mapped);
    return mergeInputs(declaration, shared, mapped);
  }

  #succeeded({ declaration, facts }: PreparedTask, value: unknown): Ending {
    const xcom = declaration.do_xcom_push ? toResultJson(value) : null;
    const length = facts.isMappingSource ? mappedLength(declaration, value, xcom, this.run.maxMapLength) : null;
    const skips = declaration.control ? decideSkips(this.dag, declaration, declaration.control, value) : [];
    return { outcome: "success", xcom, length, error: null, mayRetry: false, skips };
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

function contextOf(base: Context, { map_index, try_number }: Running): Context {
  const ti = { ...base.ti, map_index, try_number };
  return { ...base, ti, task_instance: ti, try_number };
}
