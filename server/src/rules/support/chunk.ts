import { ts } from "ts-morph";
import type { Fix, OffsetEdit } from "../createRule.js";
import { replace } from "./edits.js";

/** Cuts the list that a function returns into lists of `size`; what takes one item then takes a list of them. */
export function chunk(returned: ts.Expression, size: number): readonly Fix[] {
  const { parent } = returned;
  const name = freeName(returned.getSourceFile().text);
  const list = `const ${name} = ${returned.getText()};`;
  const pieces = `return Array.from({ length: Math.ceil(${name}.length / ${size}) }, (_, index) => ${name}.slice(index * ${size}, (index + 1) * ${size}));`;
  const edit = editFor(returned, parent, `${list}\n`, pieces);
  return edit === undefined
    ? []
    : [{ title: `Return chunks of ${size}: each instance then gets a list`, edits: [edit] }];
}

function editFor(returned: ts.Expression, parent: ts.Node, list: string, pieces: string): OffsetEdit | undefined {
  const indent = indentOf(parent);
  if (ts.isReturnStatement(parent) && ts.isBlock(parent.parent)) return replace(parent, `${list}${indent}${pieces}`);
  const body = ts.isParenthesizedExpression(parent) ? parent : returned;
  if (!ts.isArrowFunction(body.parent) || body.parent.body !== body) return undefined;
  return replace(body, `{\n${indent}  ${list}${indent}  ${pieces}\n${indent}}`);
}

/** What the line begins with that the node stands in. */
function indentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const start = text.lastIndexOf("\n", node.getStart()) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}

function freeName(text: string): string {
  const isFree = (name: string): boolean => !new RegExp(`\\b${name}\\b`).test(text);
  return ["all", "everything", "all_entries", "all_of_them"].find(isFree) ?? "entries_to_chunk";
}
