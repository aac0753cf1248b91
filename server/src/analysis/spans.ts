import type { ts } from "ts-morph";
import type { SourceSpan } from "#core/model/source.js";

/** The text of a node, without the comments before it. */
export function spanOf(node: ts.Node): Required<SourceSpan> {
  const sourceFile = node.getSourceFile();
  const start = sourceFile.getLineAndCharacterOfPosition(node.getStart(sourceFile));
  const end = sourceFile.getLineAndCharacterOfPosition(node.getEnd());
  return {
    file: sourceFile.fileName,
    line: start.line + 1,
    column: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}
