import { ts } from "ts-morph";
import type { DagFacts, FileFacts, GroupFacts, InputFacts, MappingFacts, TaskFacts } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { objectArgument, replace } from "./support/edits.js";
import { isCertain, mappedGroupAround } from "./support/mappedGroups.js";
import { idOf } from "./support/mappedInputs.js";
import { inputType, writtenBody } from "./support/parameterTypes.js";

type MessageId = "task" | "group" | "argument" | "mappedHere";

export const nestedMapping = createRule({
  meta: {
    name: "nested-mapping",
    category: "graph",
    defaultSeverity: "error",
    description: "Nothing inside a mapped task group can be mapped again.",
    messages: {
      task: "'{id}' stands in the mapped group '{group}', so it cannot be mapped itself. Call it once for each instance of the group, or map it outside.",
      group:
        "The group '{id}' stands in the mapped group '{group}', so it cannot be mapped itself. Map over both in one group.",
      argument:
        "'{method}' works on results of tasks, but each instance of the group gets one value here. Change it in a task.",
      mappedHere: "'{group}' is mapped here.",
    },
    fixable: true,
    options: [],
    prevents: "nested-mapping",
    phases: [1],
    dtm: ["DTM502", "DTM503", "DTM504", "DTM506"],
  },
  *check(facts) {
    for (const dag of facts.dags) yield* nestedIn(dag);
    yield* derivedArguments(facts);
  },
});

function* nestedIn(dag: DagFacts): Generator<Report<MessageId>> {
  for (const target of [...dag.tasks, ...dag.groups]) {
    const { mapping } = target;
    const group = mapping === null ? undefined : mappedGroupAround(target, dag);
    if (mapping === null || group === undefined || !isCertain(target, dag)) continue;
    const data = { id: idOf(target), group: group.node.group_id };
    yield {
      messageId: target.kind === "group" ? "group" : "task",
      data,
      node: mapping.nameNode,
      site: target.site,
      related: group.mapping === null ? [] : [{ messageId: "mappedHere", data, node: group.mapping.nameNode }],
      fixes: target.kind === "task" ? fixesFor(target, mapping, group) : [],
    };
  }
}

function* derivedArguments({ observations }: FileFacts): Generator<Report<MessageId>> {
  for (const { kind, node, site, value, certain } of observations) {
    if (kind !== "derived-reference" || !certain || !takesArgumentApart(value)) continue;
    const callee = ts.isCallExpression(node) ? node.expression : node;
    const name = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
    yield { messageId: "argument", data: { method: name.getText() }, node: name, site };
  }
}

/** An entry of the one value that an instance gets can be taken, but nothing that goes through its items. */
function takesArgumentApart(value: Value): boolean {
  if (value.type !== "xcom" || value.form === "get") return false;
  return value.of.some((part) => part.type === "xcom" && part.form === "argument");
}

/** Where each instance of the group gets the very value that an instance of the task takes, no mapping was meant. */
function fixesFor(task: TaskFacts, mapping: MappingFacts, group: GroupFacts): readonly Fix[] {
  const { call, complete, kind, partial, inputs } = mapping;
  const written = objectArgument(call);
  const isPlain = kind === "expand" && complete && written !== undefined && task.origin === task.site;
  if (!isPlain || !inputs.every((input) => isSingle(input, group))) return [];
  const callee = partial === null ? call.expression : partial.call.expression;
  if (!ts.isPropertyAccessExpression(callee)) return [];
  const given = partial === null ? [] : objectArgument(partial.call)?.properties;
  // A partial that was made elsewhere may serve others too.
  if (given === undefined || (partial !== null && !isAround(call, partial.call))) return [];
  const all = [...given, ...written.properties].map((property) => property.getText()).join(", ");
  const text = `${callee.expression.getText()}({ ${all} })`;
  return [{ title: "Call it once for each instance of the group", edits: [replace(call, text)] }];
}

function isAround(outer: ts.Node, inner: ts.Node): boolean {
  return outer.getSourceFile() === inner.getSourceFile() && outer.pos <= inner.pos && inner.end <= outer.end;
}

/** One value for each instance of the group, as its body declares: no list that somebody wants to take apart. */
function isSingle({ value, expression }: InputFacts, { definition }: GroupFacts): boolean {
  if (value.type !== "xcom" || value.form !== "argument" || !ts.isIdentifier(expression)) return false;
  const type = inputType(writtenBody(definition), expression.text);
  return type !== undefined && /^XComArg<(?:number|string|boolean)>$/.test(type.getText());
}
