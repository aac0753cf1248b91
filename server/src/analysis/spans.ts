import type { ts } from "ts-morph";
import type { SourceSpan } from "#core/model/source.js";

/** The text of a node, without the comments before it. */
export function spanOf(node: ts.Node): Required<SourceSpan> {
  const sourceFile = node.getSourceFile();
  return spanBetween(sourceFile, node.getStart(sourceFile), node.getEnd());
}

export function spanBetween(sourceFile: ts.SourceFile, start: number, end: number): Required<SourceSpan> {
  const from = placeAt(sourceFile, start);
  const to = placeAt(sourceFile, end);
  return { file: sourceFile.fileName, ...from, endLine: to.line, endColumn: to.column };
}

/** The offset of a place in a span. */
export function offsetAt(sourceFile: ts.SourceFile, { line, column }: Pick<SourceSpan, "line" | "column">): number {
  return (lineStartsOf(sourceFile)[line - 1] ?? sourceFile.getEnd()) + column - 1;
}

function placeAt(sourceFile: ts.SourceFile, offset: number): { line: number; column: number } {
  const starts = lineStartsOf(sourceFile);
  if (starts === sourceFile.getLineStarts()) {
    const { line, character } = sourceFile.getLineAndCharacterOfPosition(offset);
    return { line: line + 1, column: character + 1 };
  }
  const line = starts.findLastIndex((start) => start <= offset);
  return { line: line + 1, column: offset - (starts[line] ?? 0) + 1 };
}

const lineStarts = new WeakMap<ts.SourceFile, readonly number[]>();

/** Editors end lines at `\n`, `\r\n` and `\r`; TypeScript does so at two separators of Unicode, too. */
function lineStartsOf(sourceFile: ts.SourceFile): readonly number[] {
  let starts = lineStarts.get(sourceFile);
  if (starts === undefined) {
    const { text } = sourceFile;
    starts = sourceFile.getLineStarts();
    if (/[\u2028\u2029]/.test(text)) starts = starts.filter((start) => !/[\u2028\u2029]/.test(text.charAt(start - 1)));
    lineStarts.set(sourceFile, starts);
  }
  return starts;
}
