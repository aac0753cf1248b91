import { readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { table } from "./tables.js";

/** The files that hold channels, each with what it connects. */
const channels = [
  { file: "lsp.ts", title: "Extension ↔ language server", carrier: "LSP over stdio" },
  {
    file: "engine.ts",
    title: "Extension ↔ engine process",
    carrier: "JSON lines over stdio, as `wire.ts` frames them",
  },
  { file: "preview.ts", title: "Extension ↔ preview page", carrier: "`postMessage`, as `{ method, params }`" },
] as const;

interface Message {
  readonly method: string;
  readonly kind: string;
  readonly params: string;
  readonly result: string;
  readonly comment: string;
}

/** Every message of the three channels with direction, types and comment, as a Markdown document. */
export function protocolDocument(folder: string): string {
  const parts = channels.map(({ file, title, carrier }) => {
    const source = parse(path.join(folder, file));
    const directions = source.statements.flatMap((statement) => directionOf(statement, source));
    return [`## ${title}`, `\`core/src/protocol/${file}\`; ${carrier}.`, ...directions].join("\n\n");
  });
  return [
    "# Messages",
    "What the four processes say to each other. Each message is a value in `core/src/protocol` that carries its types; a receiver without a handler for one does not compile. This page is made by `npm run generate`.",
    ...parts,
  ].join("\n\n");
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
}

/** A section for an exported object of messages; nothing for other statements. */
function directionOf(statement: ts.Statement, source: ts.SourceFile): readonly string[] {
  if (!ts.isVariableStatement(statement)) return [];
  const [declaration] = statement.declarationList.declarations;
  const value = declaration?.initializer;
  const literal = value !== undefined && ts.isAsExpression(value) ? value.expression : value;
  if (literal === undefined || !ts.isObjectLiteralExpression(literal)) return [];
  const messages = literal.properties.flatMap((property) => messageOf(property, source));
  if (messages.length === 0) return [];
  const rows = messages.map(({ method, kind, params, result, comment }) => [
    `\`${method}\``,
    kind,
    code(params),
    code(result),
    comment,
  ]);
  return [`**${commentOf(statement)}**`, table(["method", "kind", "params", "result", "meaning"], rows)];
}

function messageOf(property: ts.ObjectLiteralElementLike, source: ts.SourceFile): readonly Message[] {
  if (!ts.isPropertyAssignment(property) || !ts.isCallExpression(property.initializer)) return [];
  const { expression, arguments: args, typeArguments = [] } = property.initializer;
  const [method] = args;
  if (method === undefined || !ts.isStringLiteral(method)) return [];
  const [params = "", result = ""] = typeArguments.map((type) => textOf(type, source));
  const comment = commentOf(property);
  return [{ method: method.text, kind: expression.getText(source), params, result, comment }];
}

function commentOf(node: ts.Node): string {
  const [comment] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  return ts.getTextOfJSDocComment(comment?.comment) ?? "";
}

/** A type on one line; comments inside it are for readers of the source. */
function textOf(type: ts.TypeNode, source: ts.SourceFile): string {
  return type
    .getText(source)
    .replaceAll(/\/\*.*?\*\//gs, "")
    .replaceAll(/\s+/g, " ")
    .replaceAll("readonly ", "");
}

function code(text: string): string {
  return text === "" ? "" : `\`${text}\``;
}
