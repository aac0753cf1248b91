import type { Colors } from "./colors.js";
import type { SourceSpan } from "#core/model/source.js";
import { logLine, padStart } from "./text.js";

const CONTEXT = 1;
const MOST_WIDTH = 160;

/** Of a source text; where many frames show the same file, it is divided once. */
export function sourceLines(text: string): readonly string[] {
  return text.split(/\r?\n/);
}

/**
 * The lines around a place in a source, with the place underlined:
 * ```
 * 12 │   const added = add.expand({ task_id: ["a"] });
 *    │                              ~~~~~~~
 * ```
 * Nothing where the text has no such line: it changed since.
 */
export function codeFrame(lines: readonly string[], span: SourceSpan, colors: Colors, paint = colors.red): string[] {
  if (span.line < 1 || span.line > lines.length) return [];
  const first = Math.max(1, span.line - CONTEXT);
  const last = Math.min(lines.length, span.line + CONTEXT);
  const gutter = String(last).length;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index).flatMap((number) => {
    const text = lines[number - 1] ?? "";
    const shown = `${colors.dim(`${padStart(String(number), gutter)} │`)} ${cleaned(text)}`.trimEnd();
    if (number !== span.line) return [shown];
    return [shown, `${colors.dim(`${" ".repeat(gutter)} │`)} ${underline(text, span, paint)}`];
  });
}

function cleaned(text: string): string {
  return logLine(text).replaceAll("\t", "  ").slice(0, MOST_WIDTH);
}

function underline(text: string, span: SourceSpan, paint: (text: string) => string): string {
  const before = text.slice(0, span.column - 1);
  const indent = " ".repeat(cleaned(before).length);
  return indent + paint("~".repeat(Math.max(1, Math.min(markedLength(text, span), MOST_WIDTH - indent.length))));
}

/** Where only the beginning is known, the word that stands there is marked. */
function markedLength(text: string, span: SourceSpan): number {
  if (span.endLine === span.line && span.endColumn !== undefined) return span.endColumn - span.column;
  if (span.endLine !== undefined && span.endLine > span.line) return text.trimEnd().length - span.column + 1;
  return /^[\w$.]+/.exec(text.slice(span.column - 1))?.[0].length ?? 1;
}
