import { ts } from "ts-morph";
import type { FileFacts, InputFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Report } from "./createRule.js";
import { contextNamesOf } from "./support/contextNames.js";
import { kwargsInputs } from "./support/kwargsInputs.js";

type MessageId = "given" | "default";

export const contextName = createRule({
  meta: {
    name: "context-name",
    category: "portability",
    defaultSeverity: "warning",
    description:
      "No input of a task has a name by which Airflow gives every task something itself, such as `ds` or `params`.",
    messages: {
      given:
        "Airflow {version} gives every task its own '{name}' and refuses it in '{method}'. Give the input another name.",
      default:
        "Airflow {version} gives every task its own '{name}' and refuses a default for it. Give the input another name.",
    },
    fixable: false,
    options: [],
    prevents: null,
    phases: [1],
    dtm: ["DTM210", "DTM217", "DTM313"],
  },
  *check(facts, { targetAirflow }) {
    if (targetAirflow === null) return;
    const target: Target = { version: targetAirflow, names: contextNamesOf(targetAirflow) };
    for (const dag of facts.dags) {
      for (const task of [...dag.tasks, ...dag.alternatives]) {
        // An operator's arguments and a group's inputs have nothing to do with the context.
        if (task.kind !== "task") continue;
        yield* given(task, target);
        yield* defaults(task, target);
      }
    }
    yield* inDicts(facts, target);
  },
});

interface Target {
  readonly version: string;
  readonly names: ReadonlySet<string>;
}

/** A plain call may give one. */
function* given({ mapping, parameters, site }: TaskFacts, target: Target): Generator<Report<MessageId>> {
  if (mapping === null) return;
  const inputs: readonly (readonly [string, readonly InputFacts[]])[] = [
    ["partial", mapping.partial?.inputs ?? []],
    ["expand", mapping.inputs],
  ];
  for (const [method, names] of inputs) {
    for (const { name, nameNode } of names) {
      // What the function does not take is another mistake.
      if (!target.names.has(name) || parameters?.has(name) === false) continue;
      yield { messageId: "given", data: { name, method, version: target.version }, node: nameNode, site };
    }
  }
}

function* inDicts(facts: FileFacts, { version, names }: Target): Generator<Report<MessageId>> {
  for (const { input, target } of kwargsInputs(facts)) {
    const { name, nameNode } = input;
    if (target.kind !== "task" || !names.has(name) || target.parameters?.has(name) === false) continue;
    yield { messageId: "given", data: { name, method: "expand_kwargs", version }, node: nameNode, site: target.site };
  }
}

function* defaults({ fn, site }: TaskFacts, { version, names }: Target): Generator<Report<MessageId>> {
  const pattern = fn?.parameters[0]?.name;
  if (pattern === undefined || !ts.isObjectBindingPattern(pattern)) return;
  for (const { propertyName, name: local, initializer } of pattern.elements) {
    const name = propertyName ?? local;
    if (initializer === undefined || isNothing(initializer) || !ts.isIdentifier(name) || !names.has(name.text))
      continue;
    yield { messageId: "default", data: { name: name.text, version }, node: name, site };
  }
}

/** Airflow takes None for no default. */
function isNothing(node: ts.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(node) && node.text === "undefined");
}
