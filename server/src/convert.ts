import { fileURLToPath, pathToFileURL } from "node:url";
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Location,
  type Position,
  type Range,
  type TextEdit,
} from "vscode-languageserver";
import type { SourcePoint, SourceSpan } from "#core/model/source.js";
import type { ExecutionProblem } from "./features/exactGraphs.js";
import type { OffsetEdit, Severity } from "./rules/createRule.js";
import type { Finding } from "./rules/runRules.js";

/** Turns our paths, 1-based places and findings into the protocol's; nothing else in the server knows both. */

/** Forward slashes, as TypeScript has them; undefined for a document that is no file. */
export function pathOfUri(uri: string): string | undefined {
  if (!uri.startsWith("file:")) return undefined;
  try {
    const path = fileURLToPath(uri).replaceAll("\\", "/");
    return path.replace(/^[A-Z]:/, (drive) => drive.toLowerCase());
  } catch {
    return undefined;
  }
}

function uriOfPath(path: string): string {
  return pathToFileURL(path).href;
}

export function toPosition({ line, column }: Pick<SourcePoint, "line" | "column">): Position {
  return { line: line - 1, character: column - 1 };
}

export function toRange(span: SourceSpan): Range {
  const start = toPosition(span);
  const { endLine, endColumn } = span;
  const end =
    endLine === undefined || endColumn === undefined ? start : { line: endLine - 1, character: endColumn - 1 };
  return { start, end };
}

export function toLocation(span: SourceSpan): Location {
  return { uri: uriOfPath(span.file), range: toRange(span) };
}

/** What gives line breaks to offsets: a `TextDocument`. */
export interface PositionSource {
  positionAt(offset: number): Position;
}

function toTextEdits(edits: readonly OffsetEdit[], document: PositionSource): TextEdit[] {
  return edits.map(({ start, end, text }) => ({
    range: { start: document.positionAt(start), end: document.positionAt(end) },
    newText: text,
  }));
}

export interface DiagnosticOptions {
  /** URI of the folder of the rules' documents, where it is known. */
  readonly docsUri: string | undefined;
  /** Whether the client shows further places. */
  readonly relatedInformation: boolean;
}

export function toDiagnostic(finding: Finding, options: DiagnosticOptions): Diagnostic {
  const { docsUri } = options;
  const related = options.relatedInformation ? finding.related : [];
  return {
    source: "fanout",
    code: finding.rule,
    severity: severities[finding.severity],
    message: finding.message,
    range: toRange(finding.span),
    ...(docsUri === undefined ? {} : { codeDescription: { href: `${docsUri}/${finding.rule}.md` } }),
    ...(related.length === 0
      ? {}
      : { relatedInformation: related.map(({ message, span }) => ({ message, location: toLocation(span) })) }),
  };
}

/** The protocol's way to say "to the end of the line": no line is longer. */
const LINE_END = 2 ** 31 - 1;

/** Underlines the line: of what happens when code runs, only the line is known for sure. */
export function toExecutionDiagnostic(problem: ExecutionProblem, relatedInformation: boolean): Diagnostic {
  const { code, message, line, elsewhere } = problem;
  const start = { line: line - 1, character: 0 };
  const related = relatedInformation && elsewhere !== undefined ? [{ message, location: toLocation(elsewhere) }] : [];
  return {
    source: "fanout",
    code,
    severity: DiagnosticSeverity.Error,
    message,
    range: { start, end: { line: line - 1, character: LINE_END } },
    ...(related.length === 0 ? {} : { relatedInformation: related }),
  };
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

export interface QuickFix {
  readonly title: string;
  readonly edits: readonly OffsetEdit[];
  readonly isPreferred: boolean;
  readonly finding: Finding;
}

/** `shown`: the client's diagnostics, so that the fix stands at the one it removes. */
export function toCodeAction(
  fix: QuickFix,
  document: PositionSource & { readonly uri: string },
  shown: readonly Diagnostic[],
): CodeAction {
  const diagnostics = shown.filter((each) => each.code === fix.finding.rule && sameStart(each.range, fix.finding));
  return {
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: fix.isPreferred,
    ...(diagnostics.length === 0 ? {} : { diagnostics }),
    edit: { changes: { [document.uri]: toTextEdits(fix.edits, document) } },
  };
}

function sameStart(range: Range, { span }: Finding): boolean {
  return range.start.line === span.line - 1 && range.start.character === span.column - 1;
}
