import { ts } from "ts-morph";
import { inputFacts } from "../../analysis/api/declareTask.js";
import type { DagFacts, FileFacts, GroupFacts, InputFacts, TaskFacts } from "../../analysis/facts.js";
import { unwrap } from "../../analysis/symbols.js";
import type { Primitive, Value } from "../../analysis/value.js";
import { argumentsOf } from "../../analysis/values.js";

/** An option that code gives and that a rule may judge. */
export interface GivenOption {
  readonly option: InputFacts;
  /** The call in this file that it belongs to. */
  readonly site: ts.Node;
  /** What takes it: a DAG itself, or tasks. */
  readonly of: "dag" | "task";
  /** The task whose own it is; undefined for those of a DAG and for `default_args`. */
  readonly task: TaskFacts | undefined;
  readonly dag: DagFacts;
}

/** Options of DAGs, of tasks, and in the `default_args` of DAGs and groups. */
export function* givenOptions(facts: FileFacts): Generator<GivenOption> {
  for (const dag of facts.dags) {
    const isKnown = (option: InputFacts): boolean => dag.certain || isWrittenHere(option.expression);
    for (const option of dag.options.filter(isKnown)) {
      yield { option, site: dag.call, of: "dag", task: undefined, dag };
    }
    for (const option of defaultArgs(dag.options).filter(isKnown)) {
      yield { option, site: dag.call, of: "task", task: undefined, dag };
    }
    for (const group of [...dag.groups, ...dag.groupAlternatives]) yield* groupOptions(group, dag);
    yield* taskOptions(dag);
  }
}

function* taskOptions(dag: DagFacts): Generator<GivenOption> {
  for (const task of [...dag.tasks, ...dag.alternatives]) {
    // A loop may go through values of which a condition, that cannot be decided, leaves out the wrong ones.
    const isCertain = task.node.certainty === "exact";
    for (const option of task.options) {
      if (isCertain || isWrittenHere(option.expression)) yield { option, site: task.site, of: "task", task, dag };
    }
  }
}

function* groupOptions({ options, site }: GroupFacts, dag: DagFacts): Generator<GivenOption> {
  for (const option of defaultArgs(options)) {
    if (isWrittenHere(option.expression)) yield { option, site, of: "task", task: undefined, dag };
  }
}

function defaultArgs(options: readonly InputFacts[]): readonly InputFacts[] {
  return inputFacts(argumentsOf(options.find(({ name }) => name === "default_args")?.value));
}

/** True where the value is spelled out: it is what it is, whether or not the code is reached. */
function isWrittenHere(expression: ts.Expression): boolean {
  const inner = unwrap(expression);
  if (ts.isNewExpression(inner)) return inner.arguments?.every(isWrittenHere) ?? true;
  if (ts.isPrefixUnaryExpression(inner)) return ts.isNumericLiteral(inner.operand);
  if (!ts.isObjectLiteralExpression(inner)) return ts.isLiteralExpression(inner);
  return inner.properties.every((property) => ts.isPropertyAssignment(property) && isWrittenHere(property.initializer));
}

/**
 * What decides an option of a task: its own, or a default of a group or the DAG. Undefined where nothing is given, so
 * that Airflow's own default holds; `unknown` where that cannot be told.
 */
export function effectiveOption(task: TaskFacts, dag: DagFacts, name: string): InputFacts | "unknown" | undefined {
  const own = task.options.find((option) => option.name === name);
  if (own !== undefined) return own;
  if (!task.optionsComplete || !dag.optionsComplete) return "unknown";
  const groups = [...dag.groups, ...dag.groupAlternatives].filter(({ node }) => isAround(node.group_id, task));
  for (const options of [...groups.map((group) => group.options), dag.options]) {
    const defaults = argumentsOf(options.find((option) => option.name === "default_args")?.value);
    const found = inputFacts(defaults).find((option) => option.name === name);
    // Which of several groups' defaults win is for the interpreter to know.
    if (found !== undefined) return groups.length > 0 ? "unknown" : found;
    if (!defaults.complete || defaults.entries.has(name)) return "unknown";
  }
  return undefined;
}

function isAround(group_id: string, { node }: TaskFacts): boolean {
  return node.group_id === group_id || node.group_id?.startsWith(`${group_id}.`) === true;
}

/** The constant that a value is; undefined where it is none, or not known. */
export function constantOf(value: Value): { readonly value: Primitive } | undefined {
  return value.type === "const" ? value : undefined;
}
