import type { OffsetEdit } from "../rules/createRule.js";
import { nextLineDirective } from "../rules/support/suppressions.js";
import type { Finding } from "../rules/runRules.js";
import type { QuickFix } from "../convert.js";

/** 1-based lines, both inclusive. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** The fixes of everything found on these lines, the best one first, each finding's switch-off comment last. */
export function codeActions(text: string, findings: readonly Finding[], lines: LineRange): readonly QuickFix[] {
  const here = findings.filter(({ span }) => span.line <= lines.last && span.endLine >= lines.first);
  const fixes = here.flatMap((finding) =>
    finding.fixes.map((fix, index) => ({ ...fix, finding, isPreferred: index === 0 })),
  );
  return [...fixes, ...here.flatMap((finding) => switchOff(text, finding))];
}

function switchOff(text: string, finding: Finding): readonly QuickFix[] {
  const offer = (where: string, edit: OffsetEdit): QuickFix => ({
    title: `Switch off '${finding.rule}' for this ${where}`,
    edits: [edit],
    isPreferred: false,
    finding,
  });
  return [offer("line", suppression(text, finding)), offer("file", fileSuppression(text, finding))];
}

/** The first line of the file; the second where the first says how to start it. */
function fileSuppression(text: string, { rule }: Finding): OffsetEdit {
  const offset = text.startsWith("#!") ? startOfLine(text, 2) : 0;
  return { start: offset, end: offset, text: `// fanout-disable ${rule} -- reason${lineBreakOf(text)}` };
}

/** A comment above the line, or another name in the comment that is there already. */
function suppression(text: string, { rule, span }: Finding): OffsetEdit {
  const lineStart = startOfLine(text, span.line);
  const aboveStart = span.line > 1 ? startOfLine(text, span.line - 1) : lineStart;
  const above = text.slice(aboveStart, lineStart).replace(/\r?\n$/, "");
  const given = nextLineDirective(above);
  if (given !== undefined) {
    const offset = aboveStart + given.namesEnd;
    return { start: offset, end: offset, text: `, ${rule}` };
  }
  const indentation = /^[ \t]*/.exec(text.slice(lineStart))?.[0] ?? "";
  const comment = `${indentation}// fanout-disable-next-line ${rule} -- reason${lineBreakOf(text)}`;
  return { start: lineStart, end: lineStart, text: comment };
}

function lineBreakOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

function startOfLine(text: string, line: number): number {
  let offset = 0;
  for (let current = 1; current < line; current++) offset = text.indexOf("\n", offset) + 1;
  return offset;
}
