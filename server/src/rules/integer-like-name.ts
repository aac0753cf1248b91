import { ts } from "ts-morph";
import { isIntegerLike } from "#core/model/inputNames.js";
import type { FileFacts, InputFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import { unwrap } from "../analysis/symbols.js";
import type { DictValue } from "../analysis/value.js";
import { entriesOf, tasksOf } from "../analysis/values.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { replace } from "./support/edits.js";
import { misnamedKwargs, misnamedResults } from "./support/kwargsInputs.js";
import { everything, expandedInputs, type MappedTarget } from "./support/mappedInputs.js";
import { isCheckedByTypeScript } from "./support/typeScriptChecks.js";

type MessageId = "name" | "order";

export const integerLikeName = createRule({
  meta: {
    name: "integer-like-name",
    category: "mapping",
    defaultSeverity: "error",
    description: "No input has a whole number for its name, because JavaScript puts such names before all others.",
    messages: {
      name: "'{name}' cannot be the name of an input, because JavaScript puts whole numbers before all other names. Give it another name.",
      order:
        "JavaScript puts the key '{name}' of this dict before others, so the instances come in another order than it is written in. Give a list of pairs.",
    },
    severities: { order: "warning" },
    fixable: true,
    options: [],
    prevents: "invalid-argument",
    phases: [1, 2],
    dtm: ["DTM307"],
  },
  *check(facts) {
    for (const { input, target } of expandedInputs(facts, "integer-like-name")) yield nameReport(input, target);
    for (const dag of facts.dags) {
      for (const target of everything(dag)) {
        for (const input of target.inputs) {
          if (isIntegerLike(input.name) && !isUnknownToTypeScript(input, target, facts)) {
            yield nameReport(input, target);
          }
        }
      }
    }
  },
  *checkTypes(facts, types) {
    for (const { input, target } of misnamedKwargs(facts, types, "integer-like-name")) yield nameReport(input, target);
    for (const { name, node, target } of misnamedResults(facts, types, "integer-like-name")) {
      yield { messageId: "name", data: { name }, node, site: target.site };
    }
    yield* reordered(facts, types);
  },
});

function nameReport({ name, nameNode }: InputFacts, { site }: MappedTarget["target"]): Report<MessageId> {
  return { messageId: "name", data: { name }, node: nameNode, site };
}

/** Of a call and of `partial` TypeScript refuses what the function does not take. */
function isUnknownToTypeScript(input: InputFacts, target: MappedTarget["target"], facts: FileFacts): boolean {
  return target.parameters?.has(input.name) === false && isCheckedByTypeScript(input.property, facts);
}

/** Dicts that are mapped over, whose instances are numbered in the order of their keys. */
function* reordered(facts: FileFacts, types: TypeQueries): Generator<Report<MessageId>> {
  for (const { input, target } of expandedInputs(facts, "not-mappable")) {
    const { value, expression } = input;
    if (value.type !== "dict" || !types.isAccepted(expression)) continue;
    const moved = firstMoved(value);
    if (moved === undefined) continue;
    const node = value.entries.get(moved)?.site?.nameNode ?? expression;
    yield { messageId: "order", data: { name: moved }, node, site: target.site, fixes: fixesFor(expression, value) };
  }
}

/** The first key that is not where it is written. */
function firstMoved(value: DictValue): string | undefined {
  const actual = entriesOf(value);
  const index = [...value.entries.keys()].findIndex((name, at) => actual[at]?.[0] !== name);
  return index < 0 ? undefined : actual[index]?.[0];
}

/** `[["b", 1], ["2", 3]]` for `{ b: 1, 2: 3 }`: each instance gets a pair as before. */
function fixesFor(expression: ts.Expression, value: DictValue): readonly Fix[] {
  const written = unwrap(expression);
  if (!ts.isObjectLiteralExpression(written) || tasksOf(value).length > 0) return [];
  const pairs = written.properties.map((property) => {
    if (!ts.isPropertyAssignment(property) || ts.isComputedPropertyName(property.name)) return undefined;
    return `[${JSON.stringify(property.name.text)}, ${property.initializer.getText()}]`;
  });
  if (pairs.includes(undefined)) return [];
  return [{ title: "Make it a list of pairs", edits: [replace(written, `[${pairs.join(", ")}]`)] }];
}
