import { ts } from "ts-morph";
import type { FileFacts, InputFacts, TaskFacts } from "../../analysis/facts.js";
import type { Value } from "../../analysis/value.js";
import { isTemplate } from "../../templates/templateProblems.js";

/** A text that is rendered before a task runs. */
export interface TemplateText {
  readonly text: string;
  /** Where it is written, as near as can be told. */
  readonly node: ts.Node;
  readonly task: TaskFacts;
  readonly dag_id: string;
}

/** Texts of inputs and literal entries of `expand` that are templates; of operators only those in `template_fields`. */
export function* templateTexts(facts: FileFacts): Generator<TemplateText> {
  for (const dag of facts.dags) {
    for (const task of [...dag.tasks, ...dag.alternatives]) {
      const fields = templateFields(task);
      for (const input of [...task.inputs, ...(task.mapping?.inputs ?? [])]) {
        if (fields !== "all" && !fields.has(input.name)) continue;
        yield* textsOf(input, task, dag.model.dag_id);
      }
    }
  }
}

function* textsOf(input: InputFacts, task: TaskFacts, dag_id: string): Generator<TemplateText> {
  for (const text of textsIn(input.value, new Set())) {
    if (isTemplate(text) && !mayNameFile(text, task)) yield { text, node: placeOf(text, input), task, dag_id };
  }
}

function* textsIn(value: Value, seen: Set<Value>): Generator<string> {
  if (seen.has(value)) return;
  seen.add(value);
  if (value.type === "const" && typeof value.value === "string") yield value.value;
  else if (value.type === "list") for (const item of value.items) yield* textsIn(item, seen);
  else if (value.type === "dict") for (const entry of value.entries.values()) yield* textsIn(entry.value, seen);
}

/** The literal that says it, where the whole value is written there. */
function placeOf(text: string, { expression }: InputFacts): ts.Node {
  const look = (node: ts.Node): ts.Node | undefined =>
    ts.isStringLiteralLike(node) && node.text === text ? node : ts.forEachChild(node, look);
  return look(expression) ?? expression;
}

/** A text that ends like a file may be the name of one. */
function mayNameFile(text: string, { kind }: TaskFacts): boolean {
  return kind === "operator" && /\.\w+$/.test(text);
}

/** Those of the API's own operator, whose declaration may not show them. */
const BASH_FIELDS: ReadonlySet<string> = new Set(["bash_command", "env", "cwd"]);

function templateFields({ kind, definition, node }: TaskFacts): ReadonlySet<string> | "all" {
  if (kind === "task") return "all";
  if (definition === undefined || !ts.isClassLike(definition)) return new Set();
  const property = definition.members.find(
    (member): member is ts.PropertyDeclaration =>
      ts.isPropertyDeclaration(member) && member.name.getText() === "template_fields",
  );
  if (property === undefined) return new Set();
  if (property.initializer === undefined) return node.operator === "BashOperator" ? BASH_FIELDS : new Set();
  const names: string[] = [];
  const visit = (inner: ts.Node): void => {
    if (ts.isStringLiteralLike(inner)) names.push(inner.text);
    ts.forEachChild(inner, visit);
  };
  visit(property.initializer);
  return new Set(names);
}
