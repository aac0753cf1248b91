import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Arguments, DictEntry, GroupFunctionValue, GroupValue, Value } from "../value.js";
import { argumentsOf, dict, isNullish, mergeArguments, patternOf, unknown } from "../values.js";
import type { MappedCall } from "./declareTask.js";

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
  if (dag === undefined) return unknown("a task group is called outside a DAG", site);
  const id = group.options.entries.get("group_id");
  const group_id = patternOf(id?.value);
  if (group_id.includes("*")) {
    const node = id?.site?.expression ?? interpreter.siteOf(site) ?? site;
    dag.addUnresolved({ what: "group_id", reason: "parts of the group_id are not known before a run", node });
  }
  const entries = new Map([...inputs.entries, ...instanceEntries(mapped)]);
  const argument = dict(entries, interpreter.certainty, inputs.complete);
  let returned: Value | undefined;
  const { entries: options } = group.options;
  const prefix = options.get("prefix_group_id")?.value;
  const request = {
    id: group_id,
    prefix: !(prefix?.type === "const" && prefix.value === false),
    defaultArgs: argumentsOf(options.get("default_args")?.value),
    mapping: mapped?.mapping ?? null,
    site,
  };
  const open = dag.inGroup(request, () => {
    returned = interpreter.call(group.body, [argument], site);
  });
  return resultOfGroup(returned, open, mapped);
}

function instanceEntries(mapped: MappedCall | null): [string, DictEntry][] {
  return [...(mapped?.values ?? [])].map(([name, { value, site }]) => [
    name,
    { value: { type: "xcom", form: "argument", task: undefined, of: [value], length: undefined }, site },
  ]);
}

function resultOfGroup(
  returned: Value | undefined,
  open: { readonly group_id: string; readonly tasks: GroupValue["tasks"] },
  mapped: MappedCall | null,
): Value {
  if (mapped === null && returned !== undefined && !isNullish(returned)) return returned;
  if (returned?.type === "xcom") return { ...returned, form: "concat", of: [returned], length: undefined };
  return { type: "group", group_id: open.group_id, tasks: open.tasks };
}
