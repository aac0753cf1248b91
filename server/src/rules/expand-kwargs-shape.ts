import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import type { KwargsShape, TypeQueries } from "../analysis/typeQueries.js";
import { unwrap } from "../analysis/symbols.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { insertAfter, surround } from "./support/edits.js";
import { type MappedTarget, freeNames, mappedTargets } from "./support/mappedInputs.js";
import { isCheckedByTypeScript } from "./support/typeScriptChecks.js";

type MessageId = "dict" | "value" | "item" | "notCalled" | "operator" | "partial" | "result" | "items" | "untyped";

interface Offence {
  readonly messageId: MessageId;
  /** For people. */
  readonly type: string;
  /** The item of the list, where it is one. */
  readonly node?: ts.Expression | undefined;
}

export const expandKwargsShape = createRule({
  meta: {
    name: "expand-kwargs-shape",
    category: "mapping",
    defaultSeverity: "error",
    description: "`expand_kwargs` is given a list of dicts, one for each instance, or a task's result that is one.",
    messages: {
      dict: "'expand_kwargs' is given one dict instead of a list of them. Put it into a list.",
      value: "'expand_kwargs' is given {type}. Give it a list of dicts.",
      item: "'expand_kwargs' is given {type} in its list. Give it a dict for each instance.",
      notCalled: "'expand_kwargs' is given the task '{type}' itself, not its result. Call it.",
      operator: "'expand_kwargs' is given the operator '{type}' itself, not its result. Give its 'output'.",
      partial: "'expand_kwargs' is given a 'partial', which is not a task yet. Add '.expand({…})' to it.",
      result: "'expand_kwargs' is given '{type}', which is no list of dicts. Let the task return one.",
      items: "'expand_kwargs' is given '{type}', whose items are no dicts. Make a dict of each item, such as by 'map'.",
      untyped: "'expand_kwargs' is given a value of type '{type}', so it may not be a list of dicts. Give it a type.",
    },
    severities: { untyped: "warning" },
    fixable: true,
    options: [],
    prevents: "not-mappable",
    phases: [1, 2],
    dtm: ["DTM301", "DTM302", "DTM303", "DTM305", "DTM306"],
  },
  *check(facts) {
    for (const mapped of kwargsTargets(facts)) {
      const offence = offenceOf(mapped, facts);
      if (offence !== undefined) yield report(mapped, offence, fixesFor(mapped, offence));
    }
  },
  checkTypes,
});

interface KwargsTarget extends MappedTarget {
  readonly value: Value;
  readonly expression: ts.Expression;
}

function* kwargsTargets(facts: FileFacts): Generator<KwargsTarget> {
  for (const mapped of mappedTargets(facts)) {
    const { kind, argument: value, call } = mapped.mapping;
    const [expression] = call.arguments;
    if (kind !== "expand_kwargs" || value === undefined || expression === undefined) continue;
    if (!ts.isSpreadElement(expression)) yield { ...mapped, value, expression };
  }
}

/** Asks the type checker where the interpreter could not tell. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<MessageId>> {
  for (const mapped of kwargsTargets(facts)) {
    if (mapped.value.type === "list" || mapped.value.type === "dict" || offenceOf(mapped, facts) !== undefined)
      continue;
    const shape = types.kwargs(mapped.expression);
    if (shape.verdict === "ok") continue;
    yield report(mapped, { messageId: messageFor(shape), type: shape.type }, typeFixes(mapped, shape));
  }
}

function messageFor({ verdict }: KwargsShape): MessageId {
  if (verdict === "untyped" || verdict === "items") return verdict;
  return "result";
}

function report({ target, expression }: KwargsTarget, offence: Offence, fixes: readonly Fix[]): Report<MessageId> {
  const { messageId, type, node } = offence;
  return { messageId, data: { type }, node: node ?? expression, site: target.site, fixes };
}

function offenceOf(mapped: KwargsTarget, facts: FileFacts): Offence | undefined {
  const { value, expression } = mapped;
  switch (value.type) {
    case "dict":
      return isLeftToTypeScript(mapped, facts) ? undefined : { messageId: "dict", type: "" };
    case "task-function":
    case "group-function":
      return { messageId: "notCalled", type: expression.getText() };
    case "operator":
      return { messageId: "operator", type: value.task.task_id };
    case "partial":
      return { messageId: "partial", type: "" };
    default:
      // TypeScript says the rest better, item by item.
      return isCheckedByTypeScript(expression, facts) ? undefined : plainOffence(value, expression);
  }
}

/** A dict that is written right here and has names that the task does not take. */
function isLeftToTypeScript({ expression, target: { parameters }, value }: KwargsTarget, facts: FileFacts): boolean {
  if (value.type !== "dict" || !isCheckedByTypeScript(expression, facts)) return false;
  if (!ts.isObjectLiteralExpression(unwrap(expression))) return false;
  return [...value.entries.keys()].some((name) => parameters?.has(name) === false);
}

function plainOffence(value: Value, expression: ts.Expression): Offence | undefined {
  const type = textFor(value);
  if (type !== undefined) return { messageId: "value", type };
  if (value.type !== "list") return undefined;
  const literal = unwrap(expression);
  const nodes =
    ts.isArrayLiteralExpression(literal) && !literal.elements.some(ts.isSpreadElement) ? literal.elements : [];
  for (const [index, item] of value.items.entries()) {
    const itemType = item.type === "list" ? "a list" : textFor(item);
    if (itemType !== undefined) return { messageId: "item", type: itemType, node: nodes[index] };
  }
  return undefined;
}

function textFor(value: Value): string | undefined {
  if (value.type === "pattern") return "a string";
  if (value.type === "collection") return `a ${value.kind}`;
  if (value.type === "function") return "a function";
  if (value.type !== "const") return undefined;
  return value.value === null || value.value === undefined ? `'${String(value.value)}'` : `a ${typeof value.value}`;
}

function fixesFor({ expression }: KwargsTarget, { messageId }: Offence): readonly Fix[] {
  switch (messageId) {
    case "dict":
      return [{ title: "Put it into a list", edits: surround(expression, "[", "]") }];
    case "notCalled":
      return [{ title: `Call it: '${expression.getText()}()'`, edits: [insertAfter(expression, "()")] }];
    case "operator":
      return [{ title: "Give its 'output'", edits: [insertAfter(expression, ".output")] }];
    default:
      return [];
  }
}

/** One dict stands for one instance; items that are no dicts can be meant for the only input that is left. */
function typeFixes(mapped: KwargsTarget, { verdict }: KwargsShape): readonly Fix[] {
  const { expression, value } = mapped;
  if (value.type !== "xcom") return [];
  if (verdict === "dict") return [{ title: "Put it into a list", edits: surround(expression, "[", "]") }];
  const [name, ...others] = freeNames(mapped) ?? [];
  if (verdict !== "items" || name === undefined || others.length > 0 || !/^[a-z_$][\w$]*$/i.test(name)) return [];
  return [
    { title: `Give each item as '${name}'`, edits: [insertAfter(expression, `.map((${name}) => ({ ${name} }))`)] },
  ];
}
