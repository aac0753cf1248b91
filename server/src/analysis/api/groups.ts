import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { DagDraft } from "../dagDraft.js";
import type { GroupRequest } from "../groupDrafts.js";
import { parameterNames } from "../parameters.js";
import type { Arguments, GroupFunctionValue, TaskHandle, Value } from "../value.js";
import { argumentsOf, dict, isNullish, mergeArguments, patternOf, tasksOf, unknown } from "../values.js";
import { type MappedCall, defaultArgsOf, inputFacts } from "./declareTask.js";

/** `task_group({ group_id: "…" }, body)`. */
export function defineGroup(args: readonly Value[], site: ts.Node): Value {
  const [options, body] = args;
  if (body === undefined) return unknown("task_group() is given no body", site);
  return { type: "group-function", definition: site, options: argumentsOf(options), body };
}

export function overrideGroup(group: GroupFunctionValue, options: Value | undefined): GroupFunctionValue {
  return { ...group, options: mergeArguments(group.options, argumentsOf(options)) };
}

/** `group({ … })`. */
export function callGroup(
  interpreter: Interpreter,
  group: GroupFunctionValue,
  inputs: Value | undefined,
  site: ts.Node,
): Value {
  return followGroup(interpreter, group, argumentsOf(inputs), null, site);
}

/** Follows the body; a mapped group's body gets references to what one instance will receive. */
export function followGroup(
  interpreter: Interpreter,
  group: GroupFunctionValue,
  inputs: Arguments,
  mapped: MappedCall | null,
  site: ts.Node,
): Value {
  const { dag } = interpreter;
  if (dag === undefined) {
    interpreter.observe("outside-dag", site, group);
    return unknown("a task group is called outside a DAG", site);
  }
  const parameters = groupParameters(interpreter, group);
  const argument = mapped === null ? inputs : mergeArguments(inputs, placeholders(inputs, mapped, parameters));
  let returned: Value | undefined;
  const request = requestOf(interpreter, dag, { group, inputs, mapped, parameters }, site);
  const open = dag.groups.follow(request, interpreter.certainty, () => {
    const { entries, complete } = argument;
    returned = interpreter.call(group.body, [dict(entries, interpreter.certainty, complete)], site);
  });
  if (mapped !== null) drawToRoots(interpreter, dag, open.tasks, mapped, site);
  return returned === undefined || isNullish(returned)
    ? { type: "group", group_id: open.group_id, tasks: open.tasks }
    : returned;
}

/** The names that the body takes; undefined where they cannot be told. */
export function groupParameters(
  { checker }: Interpreter,
  { body }: GroupFunctionValue,
): ReadonlySet<string> | undefined {
  return body.type === "function" ? parameterNames(checker, body.node) : undefined;
}

interface GroupCall {
  readonly group: GroupFunctionValue;
  readonly inputs: Arguments;
  readonly mapped: MappedCall | null;
  readonly parameters: ReadonlySet<string> | undefined;
}

function requestOf(
  interpreter: Interpreter,
  dag: DagDraft,
  { group, inputs, mapped, parameters }: GroupCall,
  origin: ts.Node,
): GroupRequest {
  const { entries: options } = group.options;
  const prefix = options.get("prefix_group_id")?.value;
  const site = interpreter.siteOf(origin) ?? origin;
  const id = options.get("group_id");
  const idNode = id?.site?.expression;
  const group_id = patternOf(id?.value);
  if (group_id.includes("*")) {
    const reason = "parts of the group_id are not known before a run";
    dag.addUnresolved({ what: "group_id", reason, node: idNode ?? site });
  }
  return {
    id: group_id,
    prefix: !(prefix?.type === "const" && prefix.value === false),
    defaultArgs: defaultArgsOf(group.options),
    mapping: mapped?.mapping ?? null,
    facts: {
      ...{ kind: "group", site, origin, definition: group.definition, idNode, parameters },
      body: group.body.type === "function" ? group.body.node : undefined,
      options: inputFacts(group.options),
      inputs: inputFacts(inputs),
      mapping: mapped?.facts ?? null,
    },
  };
}

/** As when it runs: for `expand_kwargs` all inputs of the body that `partial` does not give. */
function placeholders(
  given: Arguments,
  { mapping, values }: MappedCall,
  parameters: ReadonlySet<string> | undefined,
): Arguments {
  const of = [...values.values()].map(({ value }) => value);
  const value: Value = { type: "xcom", form: "argument", task: undefined, of, length: undefined };
  if (mapping.kind === "expand") {
    const complete = mapping.inputs.every(({ name }) => name !== "*");
    return { entries: new Map([...values].map(([name, { site }]) => [name, { value, site }])), complete };
  }
  const names = [...(parameters ?? [])].filter((name) => !given.entries.has(name));
  return {
    entries: new Map(names.map((name) => [name, { value, site: undefined }])),
    complete: parameters !== undefined,
  };
}

/** What a group is mapped over comes before its first tasks. */
function drawToRoots(
  interpreter: Interpreter,
  dag: DagDraft,
  tasks: readonly TaskHandle[],
  { values }: MappedCall,
  site: ts.Node,
): void {
  const roots = dag.endsOf(tasks, "roots");
  for (const { value, site: written } of values.values()) {
    for (const upstream of tasksOf(value)) {
      for (const root of roots) dag.addEdge(upstream, root, written?.property ?? site, interpreter.certainty);
    }
  }
}
