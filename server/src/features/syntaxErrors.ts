import { ts } from "ts-morph";
import type { SourceSpan } from "#core/model/source.js";
import type { FileFacts } from "../analysis/facts.js";
import { spanBetween } from "../analysis/spans.js";

export interface SyntaxError {
  readonly span: Required<SourceSpan>;
  readonly message: string;
}

/** What TypeScript says of a text that does not parse. An editor shows these by itself; a command line does not. */
export function syntaxErrors(facts: FileFacts): readonly SyntaxError[] {
  if (!facts.broken) return [];
  const { sourceFile, fileName } = facts;
  const { diagnostics = [] } = ts.transpileModule(sourceFile.text, { fileName, reportDiagnostics: true });
  return diagnostics.map(({ start = 0, length = 0, messageText }) => ({
    span: spanBetween(sourceFile, start, start + length),
    message: ts.flattenDiagnosticMessageText(messageText, "\n"),
  }));
}
