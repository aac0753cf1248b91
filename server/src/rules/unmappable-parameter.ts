import { ts } from "ts-morph";
import type { TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix, type OffsetEdit, type Report } from "./createRule.js";
import { addProperty, objectArgument, overrideOption, removeProperty, taskExpression } from "./support/edits.js";
import { misnamedKwargs, misnamedResults } from "./support/kwargsInputs.js";
import { type ExpandedInput, expandedInputs } from "./support/mappedInputs.js";

type MessageId = "operatorArgument" | "taskOption" | "parameterNamedLikeOption";

export const unmappableParameter = createRule({
  meta: {
    name: "unmappable-parameter",
    category: "mapping",
    defaultSeverity: "error",
    description: "Arguments that configure the task itself, such as `task_id` and `pool`, cannot be given to `expand`.",
    messages: {
      operatorArgument:
        "'{name}' configures '{task}' and is the same for all of its instances, so it cannot be expanded. Give it to 'partial'.",
      taskOption:
        "'{name}' configures '{task}' and is the same for all of its instances, so it cannot be expanded. Give it to 'task({…})' or 'override({…})'.",
      parameterNamedLikeOption:
        "'{name}' is the name of an argument that configures '{task}' itself, so it cannot be expanded. Give the parameter another name.",
    },
    fixable: true,
    options: [],
    prevents: "unmappable-parameter",
    phases: [1, 2],
    dtm: ["DTM208", "DTM212", "DTM213"],
  },
  *check(facts) {
    for (const { input, target: task, mapping } of expandedInputs(facts, "unmappable-parameter")) {
      // A group has no options that could be mistaken for inputs.
      if (task.kind === "group") continue;
      yield {
        messageId: messageFor(input.name, task),
        data: { name: input.name, task: task.node.task_id },
        node: input.nameNode,
        site: task.site,
        fixes: fixesFor({ input, task, mapping }),
      };
    }
  },
  *checkTypes(facts, types) {
    for (const { input, target } of misnamedKwargs(facts, types, "unmappable-parameter")) {
      if (target.kind !== "group") yield reportKwarg(input.name, target, input.nameNode);
    }
    for (const { name, node, target } of misnamedResults(facts, types, "unmappable-parameter")) {
      if (target.kind !== "group") yield reportKwarg(name, target, node);
    }
  },
});

interface Expanded extends Omit<ExpandedInput, "target" | "dag"> {
  readonly task: TaskFacts;
}

function reportKwarg(name: string, task: TaskFacts, node: ts.Node): Report<MessageId> {
  return { messageId: messageFor(name, task), data: { name, task: task.node.task_id }, node, site: task.site };
}

function messageFor(name: string, task: TaskFacts): MessageId {
  if (task.kind === "operator") return "operatorArgument";
  return task.parameters?.has(name) === true ? "parameterNamedLikeOption" : "taskOption";
}

function fixesFor(expanded: Expanded): readonly Fix[] {
  const { input, task, mapping } = expanded;
  const remove = removeProperty(input.property);
  // Without another input nothing would be left to map over, and a parameter can only be renamed by hand.
  const isParameter = messageFor(input.name, task) === "parameterNamedLikeOption";
  if (remove === undefined || isParameter || mapping.inputs.length < 2) return [];
  const add = moveEdit(expanded);
  const target = task.kind === "operator" ? "partial" : "override";
  const move = add && { title: `Move '${input.name}' to '${target}'`, edits: [add, remove], safe: true as const };
  return [...(move ? [move] : []), { title: `Remove '${input.name}' from 'expand'`, edits: [remove] }];
}

/** Where and how the one value goes that all instances share; undefined where there are several or it cannot be told. */
function moveEdit({ input, task, mapping }: Expanded): OffsetEdit | undefined {
  const value = sharedValue(input.expression);
  if (value === undefined) return undefined;
  const text = `${input.name}: ${value.getText()}`;
  if (task.kind === "operator") {
    const isGiven = mapping.partial?.inputs.some((given) => given.name === input.name) === true;
    const partial = objectArgument(mapping.partial?.call);
    return partial === undefined || isGiven ? undefined : addProperty(partial, text);
  }
  const called = taskExpression(mapping.call);
  return called === undefined ? undefined : overrideOption(called, text);
}

function sharedValue(expression: ts.Expression): ts.Expression | undefined {
  if (!ts.isArrayLiteralExpression(expression)) return ts.isLiteralExpression(expression) ? expression : undefined;
  const [only, ...others] = expression.elements;
  return only === undefined || others.length > 0 || ts.isSpreadElement(only) ? undefined : only;
}
