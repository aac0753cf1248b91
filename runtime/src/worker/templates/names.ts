import type { Context, CurrentContext, TaskInstance } from "../../authoring/types/context.js";
import { memberOf, toPython } from "./access.js";
import { macrosModule } from "./pythonModules.js";
import { isDict } from "../../authoring/brand.js";
import { PythonFunction, PythonObject, itemsOf, python } from "./values.js";
import { Scope } from "./scope.js";
import { TemplateError } from "./templateError.js";

/** An object of the context: its fields are its attributes. */
class ContextObject extends PythonObject {
  constructor(
    readonly typeName: string,
    readonly fields: object,
    readonly shown: string,
    readonly more: Readonly<Record<string, unknown>> = {},
  ) {
    super();
  }

  attribute(name: string): unknown {
    if (Object.hasOwn(this.more, name)) return this.more[name];
    return memberOf(this.fields, name);
  }

  text(): string {
    return this.shown;
  }
}

/** The names of Airflow's context, Jinja's own, and those that the task added. */
export function namesOf(context: Context): Scope {
  const own = contextObjects(context);
  return new Scope(null, (name) => {
    if (Object.hasOwn(own, name)) return own[name]?.();
    if (Object.hasOwn(context, name)) return toPython((context as CurrentContext)[name]) ?? null;
    if (Object.hasOwn(BUILTINS, name)) return BUILTINS[name];
    // As Airflow puts them there when a task function runs: its inputs.
    const { op_kwargs } = context.task as { readonly op_kwargs?: unknown };
    return isDict(op_kwargs) && Object.hasOwn(op_kwargs, name) ? (toPython(op_kwargs[name]) ?? null) : undefined;
  });
}

function contextObjects({
  dag,
  dag_run,
  task,
  ti,
  conn,
  var: variables,
  macros,
}: Context): Readonly<Record<string, () => unknown>> {
  const instance = (): unknown =>
    new ContextObject("TaskInstance", ti, `<TaskInstance: ${ti.dag_id}.${ti.task_id} ${ti.run_id} [running]>`, {
      xcom_pull: pullFunction(ti),
      xcom_push: python("xcom_push", ["key", "value"], ({ key, value }) => {
        ti.xcom_push({ key: String(key), value });
        return null;
      }),
      task: taskObject(task),
    });
  return {
    dag: () => new ContextObject("DAG", dag, `<DAG: ${dag.dag_id}>`),
    dag_run: () =>
      new ContextObject(
        "DagRun",
        dag_run,
        `<DagRun ${dag_run.dag_id} @ ${dag_run.logical_date.toISOString()}: ${dag_run.run_id}>`,
      ),
    task: () => taskObject(task),
    ti: instance,
    task_instance: instance,
    conn: () => new ContextObject("ConnectionAccessor", conn, "<ConnectionAccessor>"),
    var: () => {
      const more = { value: variableAccess(variables.value), json: variableAccess(variables.json) };
      return new ContextObject("dict", {}, "<VariableAccessors>", more);
    },
    macros: () => macrosModule(macros),
  };
}

function taskObject(task: Context["task"]): unknown {
  return new ContextObject("BaseOperator", task, `<Task(${task.task_type}): ${task.task_id}>`);
}

type Variables = Context["var"]["value" | "json"];

function variableAccess(variables: Variables): ContextObject {
  return new ContextObject("VariableAccessor", variables, "<VariableAccessor>", { get: getVariable(variables) });
}

function getVariable({ get }: { readonly get: (key: string, ...byDefault: unknown[]) => unknown }): PythonFunction {
  return python("get", ["key", "default_var", "default"], ({ key, default_var, default: byDefault = default_var }) =>
    byDefault === undefined ? get(String(key)) : get(String(key), byDefault),
  );
}

const PULL = ["task_ids", "dag_id", "key", "include_prior_dates", "map_indexes", "default"] as const;

/** As Airflow's, with positions and keywords; other DAGs and earlier runs cannot be asked here. */
function pullFunction(ti: TaskInstance): PythonFunction {
  return python("xcom_pull", PULL, ({ dag_id = null, include_prior_dates = null, ...given }) => {
    if ((dag_id !== null && dag_id !== ti.dag_id) || include_prior_dates === true) {
      throw new TemplateError("xcom_pull reaches only tasks of the same run");
    }
    const wanted = Object.entries(given).filter(([, value]) => value !== null && value !== undefined);
    return ti.xcom_pull(Object.fromEntries(wanted));
  });
}

const BUILTINS: Readonly<Record<string, unknown>> = {
  range: new PythonFunction("range", (args) => range(args.map(Number))),
  dict: new PythonFunction("dict", ([given], keywords) => ({
    ...(isDict(given) ? given : Object.fromEntries(given === undefined ? [] : (itemsOf(given) as [string, unknown][]))),
    ...keywords,
  })),
  namespace: new PythonFunction("namespace", ([given], keywords) => ({ ...(isDict(given) ? given : {}), ...keywords })),
};

const MOST_NUMBERS = 100_000;

function range(args: readonly number[]): number[] {
  const [start, stop, step] = args.length === 1 ? [0, args[0] ?? 0, 1] : [args[0] ?? 0, args[1] ?? 0, args[2] ?? 1];
  if (step === 0) throw new TemplateError("range() arg 3 must not be zero");
  const length = Math.max(0, Math.ceil((stop - start) / step));
  if (length > MOST_NUMBERS) throw new TemplateError(`range() of a template gives at most ${MOST_NUMBERS} numbers`);
  return Array.from({ length }, (_, index) => start + index * step);
}
