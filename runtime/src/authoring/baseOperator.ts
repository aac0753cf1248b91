import type { SourcePoint } from "#core/model/source.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import { AuthoringError } from "./authoringError.js";
import { HANDLE, type Handle, OPERATOR, SENSOR, handleOf } from "./brand.js";
import type { Around, MappingDeclaration } from "./declaration.js";
import { type TaskRequest, declareTask } from "./declareTask.js";
import { linkDownstream, linkUpstream } from "./dependencies.js";
import { makePartial } from "./expanders.js";
import { checkId } from "./id.js";
import { Linkable } from "./linkable.js";
import { readInputs } from "./mapping.js";
import { registry } from "./registry.js";
import { isSensorOption, readSensorPolicy } from "./sensor.js";
import { markSetup, markTeardown } from "./setupTeardown.js";
import { type Boundary, callerOf, callerOfMethod } from "./sourcePoint.js";
import type { Context } from "./types/context.js";
import type { KnownKeys } from "./types/inputs.js";
import type { ExpandableOperator, OperatorArgs, OperatorClass, OperatorPartialArgs } from "./types/operator.js";
import type { BaseOperatorArgs, TeardownArgs } from "./types/options.js";
import type { AnyTask, Dependency, OperatorInstance, XComArg, Brands } from "./types/reference.js";
import { type ResultReference, resultOf } from "./xcomArg.js";

type Values = Readonly<Record<string, unknown>>;

/** What the engine can do with an operator. */
interface Executable {
  pre_execute(context: Context): unknown;
  execute(context: Context): unknown;
  post_execute(context: Context, result: unknown): unknown;
}

type ConcreteClass = (new (args: Values) => Executable) & OperatorStatics;

interface OperatorStatics {
  readonly name: string;
  readonly template_fields: readonly string[];
  readonly template_ext: readonly string[];
}

/**
 * What all operators extend. `new Load({ task_id: "load", … })` in a `dag()` body is one task, `load.output` the
 * reference to its result; `Load.partial({ task_id: "load", … }).expand({ … })` is a mapped one.
 *
 * ```ts
 * class Load extends BaseOperator<{ sql: string }, number> {
 *   static override readonly template_fields = ["sql"];
 *   async execute(context: Context) { return run(this.args.sql); }
 * }
 * ```
 *
 * `P` are the operator's own arguments, `R` is what `execute` returns. Every instance of a mapped task has an operator of
 * its own, whose constructor gets the arguments of that instance.
 */
export abstract class BaseOperator<P extends object = Record<never, never>, R = unknown>
  implements AnyTask, OperatorInstance
{
  /** Arguments whose texts are templates. */
  static readonly template_fields: readonly string[] = [];
  /** Endings by which the text of a template field is the name of a template file, such as `".sql"`. */
  static readonly template_ext: readonly string[] = [];

  declare readonly [Brands.operator]: true;
  /** The task's id, with those of the groups around it. */
  readonly task_id: string;
  /** The operator's own arguments. What they refer to has a value only in `execute`. */
  readonly args: Readonly<P>;

  constructor(args: OperatorArgs<P>) {
    const at = callerOf(new.target as unknown as Boundary, BaseOperator as unknown as Boundary);
    const given = splitArguments(new.target.name, args, at);
    this.task_id = given.task_id;
    this.args = given.inputs as Readonly<P>;
    Object.defineProperty(this, OPERATOR, { value: true });
    if (registry().instantiating) return;
    const execute: TaskRequest["execute"] = (inputs, context, around) => {
      (this as { args: unknown }).args = inputs;
      return run(this, context as Context, around);
    };
    const handle = declareOperator(new.target, { ...given, mapping: null, execute, at });
    this.task_id = handle.task_ids[0] ?? given.task_id;
    Object.defineProperty(this, HANDLE, { value: handle });
  }

  /** What a task of this operator does. What it returns is the task's result and must survive JSON. */
  abstract execute(context: Context): R | Promise<R>;

  /** Called before `execute`, and before `on_execute_callback`; what it throws fails or skips the instance. */
  pre_execute(_context: Context): void | Promise<void> {
    // For operators that have something to do.
  }

  /** Called after `execute` with what that returned; what it throws fails or skips the instance. */
  post_execute(_context: Context, _result: R): void | Promise<void> {
    // For operators that have something to do.
  }

  /** The reference to what the task will return. */
  get output(): XComArg<R> {
    return outputOf(this) as unknown as XComArg<R>;
  }

  /** Makes `other` run after this. */
  set_downstream(other: Dependency | readonly Dependency[]): void {
    linkDownstream(this, other, callerOfMethod(this, "set_downstream"));
  }

  /** Makes this run after `other`. */
  set_upstream(other: Dependency | readonly Dependency[]): void {
    linkUpstream(this, other, callerOfMethod(this, "set_upstream"));
  }

  /** Marks the task as one that prepares something for others: Airflow's `as_setup()`. Gives itself. */
  as_setup(): this {
    markSetup(this, callerOfMethod(this, "as_setup"));
    return this;
  }

  /** Marks the task as one that cleans up: Airflow's `as_teardown()`. Its `trigger_rule` must not be set. Gives itself. */
  as_teardown(args?: TeardownArgs): this {
    markTeardown(this, args, callerOfMethod(this, "as_teardown"));
    return this;
  }

  /** Gives arguments that are the same for all instances; `expand` or `expand_kwargs` has to follow. */
  static partial<P extends object, R, K extends PropertyKey>(
    this: OperatorClass<P, R>,
    args: OperatorPartialArgs<P> & KnownKeys<K, P & BaseOperatorArgs>,
  ): ExpandableOperator<P, R, (K & keyof P) | keyof BaseOperatorArgs> {
    const at = callerOfMethod(BaseOperator, "partial");
    return partialOf(this as unknown as ConcreteClass, args, at) as never;
  }
}

interface Arguments {
  readonly task_id: string;
  /** Those that every operator takes, without the `task_id`. */
  readonly options: Values;
  readonly params: unknown;
  /** The operator's own. */
  readonly inputs: Values;
}

function splitArguments(name: string, args: unknown, at: SourcePoint | undefined): Arguments {
  const entries = Object.entries(readInputs(name, args, at));
  // Unlike the other options, `params` can be mapped over: each instance has its own put over them.
  const isOption = ([key]: readonly [string, unknown]): boolean => isBaseOperatorArgument(key) || key === "params";
  const { task_id, params, ...options } = Object.fromEntries(entries.filter(isOption));
  if (task_id === undefined) {
    throw new AuthoringError("missing-task-id", `'${name}' needs a task_id.`, at);
  }
  checkId("task_id", task_id, at);
  const inputs = Object.freeze(Object.fromEntries(entries.filter((entry) => !isOption(entry))));
  return { task_id: task_id as string, options, params, inputs };
}

type Declared = Arguments & Pick<TaskRequest, "mapping" | "execute" | "at">;

function declareOperator(operator: OperatorStatics, declared: Declared): Handle {
  return declareTask({
    ...declared,
    operator: operator.name,
    sensor: isSensor(operator) ? readSensorPolicy(declared.inputs, declared.at) : null,
    makeUnique: false,
    templateFields: operator.template_fields,
    templateExtensions: operator.template_ext,
    takes: (name) => takes(operator, name),
  });
}

function partialOf(operator: ConcreteClass, args: unknown, at: SourcePoint | undefined): unknown {
  const given = splitArguments(operator.name, args, at);
  const names = Object.keys(given.inputs);
  return makePartial(
    {
      target: { what: "operator", name: operator.name, given: new Set(names), takes: (name) => takes(operator, name) },
      make: (mapping: MappingDeclaration, where) => {
        const execute: TaskRequest["execute"] = (inputs, context, around) => {
          const made = instantiate(operator, { ...given.options, task_id: handle.task_ids[0], ...inputs });
          return run(made, context as Context, around);
        };
        const handle = declareOperator(operator, { ...given, mapping, execute, at: where });
        return new MappedOperatorHandle(handle);
      },
    },
    at,
  );
}

async function run(operator: Executable, context: Context, around?: Around): Promise<unknown> {
  await operator.pre_execute(context);
  const execute = (): unknown => operator.execute(context);
  const result = await (around ? around(execute) : execute());
  await operator.post_execute(context, result);
  return result;
}

/** Which arguments an operator has of its own, only its types know; how it waits is the same for all its instances. */
function takes(operator: OperatorStatics, name: string): boolean | undefined {
  const isShared = isBaseOperatorArgument(name) || (isSensor(operator) && isSensorOption(name));
  return isShared ? false : undefined;
}

function isSensor(operator: OperatorStatics): boolean {
  return SENSOR in operator;
}

/** Makes the operator of one mapped instance, which is no task of its own. */
function instantiate(operator: ConcreteClass, args: Values): Executable {
  const shared = registry();
  shared.instantiating = true;
  try {
    return new operator(args);
  } finally {
    shared.instantiating = false;
  }
}

function outputOf(holder: object): ResultReference {
  const handle = handleOf(holder);
  if (handle !== undefined) return resultOf(handle);
  const message = "'output' is a reference for other tasks of the DAG and has no value inside of a task.";
  throw new AuthoringError("outside-dag", message, undefined);
}

/** What stands behind the type `MappedOperator`. */
class MappedOperatorHandle extends Linkable {
  readonly task_id: string;

  constructor(handle: Handle) {
    super();
    this.task_id = handle.task_ids[0] ?? "";
    Object.defineProperty(this, HANDLE, { value: handle });
    Object.defineProperty(this, OPERATOR, { value: true });
    Object.freeze(this);
  }

  get output(): ResultReference {
    return outputOf(this);
  }
}
