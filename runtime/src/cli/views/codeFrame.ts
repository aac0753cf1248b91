import type { Colors } from "./colors.js";
import type { SourceSpan } from "#core/model/source.js";
import { logLine, padStart } from "./text.js";

const CONTEXT = 1;
const MOST_WIDTH = 160;
/** What is left of a place in a line that is cut there. */
const BEFORE = 60;

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
    const line = (text: string): string => `${colors.dim(`${padStart(String(number), gutter)} │`)} ${text}`.trimEnd();
    const text = lines[number - 1] ?? "";
    if (number !== span.line) return [line(cleaned(text).slice(0, MOST_WIDTH))];
    const { shown, indent, marked } = windowOf(text, span);
    return [line(shown), `${colors.dim(`${" ".repeat(gutter)} │`)} ${" ".repeat(indent)}${paint("~".repeat(marked))}`];
  });
}

function cleaned(text: string): string {
  return logLine(text).replaceAll("\t", "  ");
}

/** The part of a line that is shown, such that the place is in it: minified and generated lines are thousands long. */
function windowOf(text: string, span: SourceSpan): { shown: string; indent: number; marked: number } {
  const whole = cleaned(text);
  const column = Math.min(cleaned(text.slice(0, span.column - 1)).length, whole.length);
  const length = Math.max(1, markedLength(text, span));
  const isNear = column + Math.min(length, BEFORE) <= MOST_WIDTH;
  const from = isNear ? 0 : column - BEFORE;
  const shown = (from === 0 ? "" : "…") + whole.slice(from === 0 ? 0 : from + 1, from + MOST_WIDTH);
  const indent = column - from;
  return { shown, indent, marked: Math.min(length, MOST_WIDTH - indent) };
}

/** Where only the beginning is known, the word that stands there is marked. */
function markedLength(text: string, span: SourceSpan): number {
  if (span.endLine === span.line && span.endColumn !== undefined) return span.endColumn - span.column;
  if (span.endLine !== undefined && span.endLine > span.line) return text.trimEnd().length - span.column + 1;
  return /^[\w$.]+/.exec(text.slice(span.column - 1))?.[0].length ?? 1;
}
