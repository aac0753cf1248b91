import { ts } from "ts-morph";
import type { SourceSpan } from "#core/model/source.js";
import type { FileFacts } from "../analysis/facts.js";

export interface SyntaxError {
  readonly span: Required<SourceSpan>;
  readonly message: string;
}

/** What TypeScript says of a text that does not parse. An editor shows these by itself; a command line does not. */
export function syntaxErrors(facts: FileFacts): readonly SyntaxError[] {
  if (!facts.broken) return [];
  const { sourceFile, fileName } = facts;
  const { diagnostics = [] } = ts.transpileModule(sourceFile.text, { fileName, reportDiagnostics: true });
  return diagnostics.map(({ start = 0, length = 0, messageText }) => {
    const from = sourceFile.getLineAndCharacterOfPosition(start);
    const to = sourceFile.getLineAndCharacterOfPosition(start + length);
    return {
      span: {
        file: fileName,
        line: from.line + 1,
        column: from.character + 1,
        endLine: to.line + 1,
        endColumn: to.character + 1,
      },
      message: ts.flattenDiagnosticMessageText(messageText, "\n"),
    };
  });
}
