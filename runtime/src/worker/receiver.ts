import { isDict } from "../authoring/brand.js";
import { describe } from "../authoring/values.js";
import type { DagDeclaration, MappingDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import type { Context, ContextTask } from "../authoring/types/context.js";
import { FanoutError } from "../errors.js";
import { type ParamSpecs, describeParams, overlayParams, paramValues } from "../params/paramSpecs.js";
import type { RunFacts } from "../pool/messages.js";
import { type InputResolver, type Texts, scopeOf } from "./inputs.js";
import type { Scope } from "./references.js";
import type { PreparedTask, Running } from "./instance.js";
import { describeJson } from "./json.js";
import { mergeInputs } from "./kwargs.js";
import { maskJson } from "./masking.js";
import { registry } from "../authoring/registry.js";
import { Renderer } from "./templates/render.js";

type Values = Readonly<Record<string, unknown>>;

/** What one instance receives: its params, and its inputs with references resolved and templates rendered. */
export class Receiver {
  readonly #dagParams: ParamSpecs;
  readonly #renderer: Renderer;

  constructor(
    readonly dag: DagDeclaration,
    readonly run: RunFacts,
    readonly inputs: InputResolver,
  ) {
    this.#dagParams = describeParams(dag.params, dag.at);
    this.#renderer = new Renderer(dag, run.file);
  }

  /** Puts into the context what belongs to this instance, and gives the inputs of its body. */
  receive({ declaration, facts }: PreparedTask, running: Running, context: Context): Values {
    const { mapping } = declaration;
    if (Object.keys(declaration.params).length > 0) this.#setParams(context, declaration, {});
    const rendered = new Map<string, unknown>();
    const texts = this.#textsOf(declaration, context, rendered);
    const scope = scopeOf(facts, running.map_index);
    const mapped = mapping && this.#mapped(declaration, { mapping, scope, texts, context });
    const shared = this.inputs.shared(declaration, scope, texts);
    const given = scope.given.size > 0 ? this.inputs.given(declaration, scope) : undefined;
    const changed = rendered.size > 0 ? changedBy(rendered, { ...declaration.inputs, ...given }) : undefined;
    const own = given || changed ? { ...given, ...changed, ...mapped } : mapped;
    const hasOwn = mapped !== null || (own !== null && Object.keys(own).length > 0);
    running.inputs = hasOwn ? maskJson(describeJson(own)) : null;
    const inputs = mapped ? mergeInputs(declaration, shared, mapped) : shared;
    const { task_id, at } = declaration;
    setTask(context, declaration, inputs);
    registry().render = (text, extensions) =>
      this.#renderer.render(text, context, { name: "the command", task_id, at, extensions });
    return inputs;
  }

  /** The text that a template of the task's own gives once its inputs are there, such as that of an instance's name. */
  renderText(name: string, template: string, { task_id, at }: TaskDeclaration, context: Context): string {
    return this.#renderer.text(template, context, { name, task_id, at });
  }

  #mapped(declaration: TaskDeclaration, { mapping, scope, texts, context }: Mapped): Record<string, unknown> {
    const takeParams = (params: unknown): void => this.#takeParams(declaration, params, context);
    const isFunction = declaration.template_fields === null;
    return this.inputs.mapped(mapping, scope, { texts, takeParams: isFunction ? null : takeParams });
  }

  /** Renders what may be a template, and remembers what became of it. */
  #textsOf(declaration: TaskDeclaration, context: Context, rendered: Map<string, unknown>): Texts {
    const { template_fields, template_ext: extensions } = declaration;
    return (name) => {
      if (template_fields !== null && !template_fields.includes(name)) return null;
      return (text) => {
        const { task_id, at } = declaration;
        const value = this.#renderer.render(text, context, { name, task_id, at, extensions });
        if (value !== text) rendered.set(text, value);
        return value;
      };
    };
  }

  /** Of what maps an operator, `params` are not an argument: they go over those of the task and the DAG. */
  #takeParams(declaration: TaskDeclaration, params: unknown, context: Context): void {
    if (!isDict(params)) {
      const message = `The params of an instance of '${declaration.task_id}' must be a dict, not ${describe(params)}.`;
      throw new FanoutError("invalid-params", message, { at: declaration.at });
    }
    this.#setParams(context, declaration, params);
  }

  #setParams(context: Context, { params, at }: TaskDeclaration, own: Values): void {
    const ofTask = overlayParams(this.#dagParams, describeParams(params, at));
    const specs = overlayParams(ofTask, describeParams(own, at));
    const values = Object.freeze(paramValues(specs, this.run.conf ?? {}, at));
    (context as { params: Values }).params = values;
  }
}

interface Mapped {
  readonly mapping: MappingDeclaration;
  readonly scope: Scope;
  readonly texts: Texts;
  readonly context: Context;
}

/** Of the inputs that all instances share those that templates changed; undefined where none did. */
function changedBy(rendered: ReadonlyMap<string, unknown>, inputs: Values): Values | undefined {
  const entries = Object.entries(inputs).flatMap(([name, value]) => {
    let isChanged = false;
    const fill = (inner: unknown): unknown => {
      if (typeof inner === "string" && rendered.has(inner)) {
        isChanged = true;
        return rendered.get(inner);
      }
      if (Array.isArray(inner)) return inner.map(fill);
      if (!isDict(inner)) return inner;
      return Object.fromEntries(Object.entries(inner).map(([key, one]) => [key, fill(one)]));
    };
    const filled = fill(value);
    return isChanged ? [[name, filled] as const] : [];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** As Airflow's operators: a task function's inputs are its `op_kwargs`, arguments of an operator are its attributes. */
function setTask(context: Context, { template_fields }: TaskDeclaration, inputs: Values): void {
  const { task } = context;
  // V8 copies an object at once where nothing stands before it, which 100,000 instances feel.
  const own = template_fields === null ? { ...task, op_kwargs: inputs } : { ...inputs, ...task };
  (context as { task: ContextTask }).task = own;
}
