import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import type { Mappability, TypeQueries } from "../analysis/typeQueries.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { addProperty, insertAfter, objectArgument, removeProperty, surround, surroundInput } from "./support/edits.js";
import { type ExpandedInput, expandedInputs } from "./support/mappedInputs.js";
import { plainDataFixes } from "./support/plainData.js";
import { bodyOf } from "./support/taskBodies.js";
import { type ReturnedValue, keptResults } from "./support/taskResults.js";

type MessageId =
  "plainValue" | "emptyValue" | "notCalled" | "operator" | "partial" | "type" | "result" | "untyped" | "untypedResult";

/** What a value that is surely no list or dict is; `type` names it for people. */
interface Offence {
  readonly messageId: MessageId;
  readonly type: string;
}

export const notMappable = createRule({
  meta: {
    name: "not-mappable",
    category: "mapping",
    defaultSeverity: "error",
    description: "Only lists and dicts, or the results of tasks that return them, can be mapped over.",
    messages: {
      plainValue: "'{name}' is given {type}, which cannot be mapped over. Give 'expand' a list or a dict.",
      emptyValue: "'{name}' is given {type}, which cannot be mapped over. Give 'expand' a list or a dict.",
      notCalled: "'{name}' is given the task '{type}' itself, not its result. Call it.",
      operator: "'{name}' is given the operator '{type}' itself, not its result. Give its 'output'.",
      partial: "'{name}' is given a 'partial', which is not a task yet. Add '.expand({…})' to it.",
      type: "'{name}' is given '{type}', which cannot be mapped over. Give 'expand' a list or a dict.",
      result:
        "'{name}' is given a task's result of type '{type}', which cannot be mapped over. Let the task return a list or a dict.",
      untyped: "'{name}' is given a value of type '{type}', so it may not be a list or a dict. Give it a type.",
      untypedResult:
        "'{name}' is given a task's result of type '{type}', so it may not be a list or a dict. Give the task a return type.",
    },
    severities: { untyped: "warning", untypedResult: "warning" },
    fixable: true,
    options: [],
    prevents: "not-mappable",
    phases: [1, 2],
    dtm: ["DTM203", "DTM204", "DTM211", "DTM415", "DTM416", "DTM601", "DTM602", "DTM612"],
  },
  *check(facts) {
    for (const expanded of expandedInputs(facts, "not-mappable")) {
      const offence = offenceOf(expanded.input.value, expanded.input.expression);
      if (offence !== undefined) yield report(expanded, offence, fixesFor(expanded, offence));
    }
  },
  checkTypes,
});

/** Asks the type checker where the interpreter could not tell. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<MessageId>> {
  for (const expanded of expandedInputs(facts, "not-mappable")) {
    const { value, expression } = expanded.input;
    if (isLiteral(expression) || offenceOf(value, expression) !== undefined) continue;
    const answer = types.mappability(expression);
    if (answer.verdict === "ok" || isRefusedByTypeScript(answer)) continue;
    // The interpreter has seen the list itself, whatever its type leaves open.
    if (isMappable(value) && answer.verdict !== "not-mappable") continue;
    const offence = { messageId: messageForType(answer), type: answer.type };
    yield report(expanded, offence, [...typeFixes(expanded, answer), ...returnFixes(expanded, answer, facts, types)]);
  }
}

/** A task of this file that returns its value in one place is mended there. */
function returnFixes(
  { input, dag }: ExpandedInput,
  { verdict }: Mappability,
  facts: FileFacts,
  types: TypeQueries,
): readonly Fix[] {
  const source = input.value.type === "xcom" ? input.value.task?.task_id : undefined;
  const results = [...keptResults(facts)].filter((each) => each.dag === dag && each.task.node.task_id === source);
  const [result] = results;
  if (result === undefined || results.length > 1) return [];
  const lost = types.returned(result.expression)?.lost;
  const isMendable = lost?.path === "" && (lost.what === "a Set" || lost.what === "a Map");
  if (isMendable) return plainDataFixes(result.expression, lost.what);
  return verdict === "not-mappable" && isFreeToChange(result, facts) ? [returnList(result)] : [];
}

/** Nobody has written which type it returns, and it does not stand in another file. */
function isFreeToChange({ task, expression }: ReturnedValue, { sourceFile }: FileFacts): boolean {
  return bodyOf(task)?.type === undefined && expression.getSourceFile() === sourceFile;
}

function returnList({ task, expression }: ReturnedValue): Fix {
  return { title: `Let '${task.node.task_id}' return a list`, edits: surround(expression, "[", "]") };
}

/** The one type that `expand` cannot let through for this rule: whatever accepts it accepts everything. */
function isRefusedByTypeScript(answer: Exclude<Mappability, { verdict: "ok" }>): boolean {
  return answer.verdict === "untyped" && !answer.upstream && answer.type === "unknown";
}

function messageForType(answer: Exclude<Mappability, { verdict: "ok" }>): MessageId {
  if (answer.verdict === "untyped") return answer.upstream ? "untypedResult" : "untyped";
  return answer.upstream ? "result" : "type";
}

function report(
  { input, target }: ExpandedInput,
  { messageId, type }: Offence,
  fixes: readonly Fix[],
): Report<MessageId> {
  return { messageId, data: { name: input.name, type }, node: input.expression, site: target.site, fixes };
}

/** Nearly every input; no type is needed to see what it is. */
function isLiteral(expression: ts.Expression): boolean {
  return ts.isArrayLiteralExpression(expression) || ts.isObjectLiteralExpression(expression);
}

function isMappable(value: Value): boolean {
  return value.type === "list" || value.type === "dict";
}

/** What can be told without types; undefined: it can be mapped over, or only the type checker knows. */
function offenceOf(value: Value, expression: ts.Expression): Offence | undefined {
  switch (value.type) {
    case "const":
      return constOffence(value.value);
    case "pattern":
      return { messageId: "plainValue", type: "a string" };
    case "task-function":
      return { messageId: "notCalled", type: expression.getText() };
    case "group-function":
      return { messageId: "notCalled", type: expression.getText() };
    case "operator":
      return { messageId: "operator", type: value.task.task_id };
    case "partial":
      return { messageId: "partial", type: "partial" };
    case "operator-class":
      return { messageId: "type", type: value.name };
    case "function":
      return { messageId: "type", type: "a function" };
    case "class":
      return { messageId: "type", type: "a class" };
    default:
      return undefined;
  }
}

function constOffence(value: unknown): Offence {
  if (value === null || value === undefined) return { messageId: "emptyValue", type: `'${String(value)}'` };
  return { messageId: "plainValue", type: `a ${typeof value}` };
}

function fixesFor(expanded: ExpandedInput, { messageId }: Offence): readonly Fix[] {
  const { expression, value } = expanded.input;
  switch (messageId) {
    case "plainValue":
      return [wrap(expanded), ...moveToPartial(expanded)];
    case "notCalled":
      return [safeIf(takesNothing(value), change(expanded.input, "", "()", `Call it: '${expression.getText()}()'`))];
    case "operator":
      return [safeIf(true, change(expanded.input, "", ".output", "Give its 'output'"))];
    default:
      return [];
  }
}

function takesNothing(value: Value): boolean {
  return value.type === "task-function" && value.fn?.parameters.length === 0;
}

function safeIf(isSafe: boolean, fix: Fix): Fix {
  return isSafe ? { ...fix, safe: true } : fix;
}

/** A result of a single value is mapped over as the only item of a list. */
function typeFixes(expanded: ExpandedInput, answer: Exclude<Mappability, { verdict: "ok" }>): readonly Fix[] {
  if (answer.verdict !== "not-mappable") return [];
  if (answer.upstream) return /^(?:string|number|boolean)$/.test(answer.type) ? [wrap(expanded)] : [];
  // A Map may have been meant as the dict that it resembles.
  if (/^Map\b/.test(answer.type)) return [spread(expanded)];
  return /^(?:Set|IterableIterator|\w*Array)\b/.test(answer.type) ? [safeIf(true, spread(expanded))] : [];
}

function wrap({ input }: ExpandedInput): Fix {
  return change(input, "[", "]", "Make it a list of one");
}

function spread({ input }: ExpandedInput): Fix {
  return change(input, "[...", "]", "Make it a list");
}

function change(input: ExpandedInput["input"], before: string, after: string, title: string): Fix {
  return { title, edits: surroundInput(input, before, after) };
}

/** The same value for all instances; only where something else is left to map over. */
function moveToPartial({ input, mapping }: ExpandedInput): readonly Fix[] {
  const remove = removeProperty(input.property);
  if (remove === undefined || mapping.inputs.length < 2 || !ts.isPropertyAssignment(input.property)) return [];
  const text = input.property.getText();
  const partial = objectArgument(mapping.partial?.call);
  const receiver = ts.isPropertyAccessExpression(mapping.call.expression)
    ? mapping.call.expression.expression
    : undefined;
  const isFirst = mapping.partial === null && receiver !== undefined;
  const add = partial
    ? addProperty(partial, text)
    : isFirst
      ? insertAfter(receiver, `.partial({ ${text} })`)
      : undefined;
  return add === undefined ? [] : [{ title: `Move '${input.name}' to 'partial'`, edits: [add, remove] }];
}
