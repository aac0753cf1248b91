import { isDict } from "../authoring/brand.js";
import { describe } from "../authoring/values.js";
import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import type { Context } from "../authoring/types/context.js";
import { FanoutError } from "../errors.js";
import { type ParamSpecs, describeParams, overlayParams, paramValues } from "../params/paramSpecs.js";
import type { RunFacts } from "../pool/messages.js";
import { type InputResolver, type Texts, scopeOf } from "./inputs.js";
import type { PreparedTask, Running } from "./instance.js";
import { describeJson } from "./json.js";
import { mergeInputs } from "./kwargs.js";
import { maskJson } from "./masking.js";

type Values = Readonly<Record<string, unknown>>;

/** What one instance receives: its params, and its inputs with references resolved and templates rendered. */
export class Receiver {
  readonly #dagParams: ParamSpecs;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
  ) {
    this.#dagParams = describeParams(dag.params, dag.at);
  }

  /** Puts into the context what belongs to this instance, and gives the inputs of its body. */
  receive({ declaration, facts }: PreparedTask, running: Running, context: Context): Values {
    if (Object.keys(declaration.params).length > 0) this.#setParams(context, declaration, {});
    const texts: Texts = () => null;
    const scope = scopeOf(facts, running.map_index);
    if (!declaration.mapping) {
      const shared = this.inputs.shared(declaration, scope, texts);
      if (scope.given.size > 0) running.inputs = maskJson(describeJson(this.inputs.given(declaration, scope)));
      return shared;
    }
    const given = this.inputs.mapped(declaration.mapping, scope, texts);
    const mapped = this.#takeParams(declaration, given, context);
    running.inputs = maskJson(describeJson(mapped));
    return mergeInputs(declaration, this.inputs.shared(declaration, scope, texts), mapped);
  }

  /** Of what maps an operator, `params` are not an argument: they go over those of the task and the DAG. */
  #takeParams(declaration: TaskDeclaration, mapped: Values, context: Context): Values {
    if (declaration.template_fields === null || !Object.hasOwn(mapped, "params")) return mapped;
    const { params, ...others } = mapped;
    if (!isDict(params)) {
      const message = `The params of an instance of '${declaration.task_id}' must be a dict, not ${describe(params)}.`;
      throw new FanoutError("invalid-params", message, { at: declaration.at });
    }
    this.#setParams(context, declaration, params);
    return others;
  }

  #setParams(context: Context, { params, at }: TaskDeclaration, own: Values): void {
    const ofTask = overlayParams(this.#dagParams, describeParams(params, at));
    const specs = overlayParams(ofTask, describeParams(own, at));
    const values = Object.freeze(paramValues(specs, this.run.conf ?? {}, at));
    (context as { params: Values }).params = values;
  }
}
