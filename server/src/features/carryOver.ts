import type { SourceSpan } from "#core/model/source.js";
import type { Finding } from "../rules/runRules.js";

/**
 * Findings of the slower phase as they stand after an edit, until that phase has run again: those outside of the
 * edited lines keep their place in the text, so that squiggles neither flicker nor wander while somebody types.
 */
export function carryOver(findings: readonly Finding[], before: string, after: string): readonly Finding[] {
  if (findings.length === 0) return [];
  const edited = editedLines(before.split("\n"), after.split("\n"));
  return findings.flatMap((finding) => {
    if (finding.span.endLine < edited.first) return finding;
    if (finding.span.line > edited.last) return { ...finding, span: moved(finding.span, edited.shift), fixes: [] };
    return [];
  });
}

interface EditedLines {
  /** 1-based, of the text before; `last` is less than `first` where lines were only added. */
  readonly first: number;
  readonly last: number;
  /** By how many lines everything behind them moved. */
  readonly shift: number;
}

function editedLines(before: readonly string[], after: readonly string[]): EditedLines {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let sameAtEnd = 0;
  while (sameAtEnd < shorter - same && before.at(-1 - sameAtEnd) === after.at(-1 - sameAtEnd)) sameAtEnd++;
  return { first: same + 1, last: before.length - sameAtEnd, shift: after.length - before.length };
}

function moved(span: Required<SourceSpan>, lines: number): Required<SourceSpan> {
  return { ...span, line: span.line + lines, endLine: span.endLine + lines };
}
