import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import { unwrap } from "../analysis/symbols.js";
import type { Value, XComValue } from "../analysis/value.js";
import { patternOf } from "../analysis/values.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { derivedReferences, entryIn } from "./support/derivedReferences.js";
import { surround } from "./support/edits.js";
import { insertTask } from "./support/insertTask.js";
import { type MappedOver, mappedOver } from "./support/mappedInputs.js";
import { inputType } from "./support/parameterTypes.js";

type MessageId = "expanded" | "derived";

export const customKeyMapping = createRule({
  meta: {
    name: "custom-key-mapping",
    category: "mapping",
    defaultSeverity: "error",
    description: "Only the whole result of a task can be mapped over, not an entry of it that `get` takes out.",
    messages: {
      expanded:
        "'{what}' is one entry of a result, which cannot be mapped over. Let a task return that list as its whole result.",
      derived:
        "'{method}' works on whole results, not on the entry '{what}'. Let a task return it as its whole result.",
    },
    fixable: true,
    options: [],
    prevents: "entry-not-mappable",
    phases: [1],
    dtm: ["DTM405", "DTM406", "DTM407"],
  },
  *check(facts) {
    yield* expanded(facts);
    yield* derived(facts);
  },
});

/** `expand({ x: result().get("list") })`, `expand_kwargs(result().get("dicts"))`, and entries in lists. */
function* expanded(facts: FileFacts): Generator<Report<MessageId>> {
  for (const over of mappedOver(facts, "custom-key-mapping")) {
    const entry = entryIn(over.value);
    if (entry === undefined) continue;
    const node = placeOf(entry, over.node);
    yield { messageId: "expanded", data: { what: textOf(entry) }, node, site: over.target.site, fixes: fixesFor(over) };
  }
}

/** `result().get("list").map(…)`, and the same among the arguments of `zip` and `concat`. */
function* derived(facts: FileFacts): Generator<Report<MessageId>> {
  for (const { value, receiver, args, call, site } of derivedReferences(facts, "map", "zip", "concat")) {
    const entry = [receiver, ...args].find(isEntry);
    if (entry === undefined || isOfGroupInput(entry)) continue;
    yield { messageId: "derived", data: { method: value.form, what: textOf(entry) }, node: nameOf(call), site };
  }
}

function isEntry(value: Value): value is XComValue {
  return value.type === "xcom" && value.form === "get";
}

/** What a mapped group gives its tasks cannot be mapped over at all. */
function isOfGroupInput({ of: [receiver] }: XComValue): boolean {
  return receiver?.type === "xcom" && receiver.form === "argument";
}

function nameOf(call: ts.Node): ts.Node {
  const callee = ts.isCallExpression(call) ? unwrap(call.expression) : call;
  return ts.isPropertyAccessExpression(callee) ? callee.name : call;
}

/** The `get` call where it stands in the expression, else the whole of it. */
function placeOf({ call }: XComValue, expression: ts.Node): ts.Node {
  const site = call?.site;
  if (site?.getSourceFile() !== expression.getSourceFile()) return expression;
  return site.pos >= expression.pos && site.end <= expression.end ? site : expression;
}

function textOf({ call }: XComValue): string {
  return `get("${patternOf(call?.args[0])}")`;
}

/** A task between that returns the entry as its whole result. */
function fixesFor({ input, target, value }: MappedOver): readonly Fix[] {
  if (input === undefined || value.type !== "xcom" || !ts.isPropertyAssignment(input.property)) return [];
  const type = target.kind === "task" ? inputType(target.fn, input.name)?.getText() : undefined;
  if (type === undefined) return [];
  const list = /^\w+$/.test(type) ? `${type}[]` : `(${type})[]`;
  const body = `({ items }: { items: ${list} }) => items`;
  const collect = insertTask({ id: "collect", before: target.site, body });
  if (collect === undefined) return [];
  const edits = [collect.edit, ...surround(input.expression, `${collect.name}({ items: `, " })")];
  return [{ title: `Let a task '${collect.name}' return the entry`, edits }];
}
