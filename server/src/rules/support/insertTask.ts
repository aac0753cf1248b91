import { ts } from "ts-morph";
import type { OffsetEdit } from "../createRule.js";

/** A task that a fix writes before the statement that `before` stands in. */
export interface NewTask {
  /** The id that it would like to have, which is its variable's name too. */
  readonly id: string;
  readonly before: ts.Node;
  /** The task's function. */
  readonly body: string;
}

/** The definition of a new task, and the name that it got; undefined where the file does not name `task` itself. */
export function insertTask({ id, before, body }: NewTask): { name: string; edit: OffsetEdit } | undefined {
  const file = before.getSourceFile();
  if (!importsTask(file)) return undefined;
  const name = freeName(id, file.text);
  const statement = topLevel(before);
  const text = `const ${name} = task({ task_id: "${name}" }, ${body});\n\n`;
  return { name, edit: { start: statement.getStart(), end: statement.getStart(), text } };
}

function importsTask(file: ts.SourceFile): boolean {
  return file.statements.some((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) return false;
    const bindings = statement.importClause?.namedBindings;
    const isApi = statement.moduleSpecifier.text === "fanout" && bindings !== undefined && ts.isNamedImports(bindings);
    return isApi && bindings.elements.some(({ name, propertyName }) => name.text === "task" && !propertyName);
  });
}

/** A name that the file does not have anywhere, whatever it stands for. */
function freeName(wanted: string, text: string): string {
  const isTaken = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  let name = wanted;
  for (let number = 2; isTaken(name); number++) name = `${wanted}_${number}`;
  return name;
}

function topLevel(node: ts.Node): ts.Node {
  let statement = node;
  while (!ts.isSourceFile(statement.parent)) statement = statement.parent;
  return statement;
}
