import type { AppliedFix, FixedFile } from "#core/protocol/batch.js";
import type { FileFacts } from "./analysis/facts.js";
import { syntaxErrors } from "./features/syntaxErrors.js";
import type { Fix, OffsetEdit } from "./rules/createRule.js";
import type { Finding } from "./rules/runRules.js";
import type { Workspace } from "./workspace/workspace.js";

/** Two fixes that undid each other would go on for ever; a mistake that shows only behind another is still reached. */
const mostPasses = 10;

interface Chosen {
  readonly finding: Finding;
  readonly fix: Fix;
}

/**
 * Applies the safe fixes of what `find` finds, again and again until none is left, to the workspace's own texts: the
 * files themselves are written by whoever asked. A file with syntax errors, or that a fix would give some, stays as it is.
 */
export function fixFiles(
  workspace: Workspace,
  files: readonly string[],
  find: (facts: FileFacts) => readonly Finding[],
): readonly FixedFile[] {
  const fixed = new Map<string, FixedFile>();
  const seen = new Map<string, FileFacts>();
  for (let pass = 1; pass <= mostPasses; pass++) {
    const before = fixed.size === 0 ? 0 : countOf(fixed);
    for (const file of files) {
      const facts = workspace.analyze(file);
      if (seen.get(file) === facts) continue;
      seen.set(file, facts);
      const step = syntaxErrors(facts).length > 0 ? undefined : fixOnce(workspace, facts, find(facts), pass);
      if (step !== undefined) fixed.set(file, joined(fixed.get(file), step));
    }
    if (countOf(fixed) === before) break;
  }
  return [...fixed.values()];
}

function countOf(fixed: ReadonlyMap<string, FixedFile>): number {
  return [...fixed.values()].reduce((sum, { applied }) => sum + applied.length, 0);
}

/** The places of what was fixed first are those of the text that was read; later ones are those of the text then. */
function joined(before: FixedFile | undefined, step: FixedFile): FixedFile {
  if (before === undefined) return step;
  return { ...step, before: before.before, applied: [...before.applied, ...step.applied] };
}

function fixOnce(
  workspace: Workspace,
  facts: FileFacts,
  findings: readonly Finding[],
  version: number,
): FixedFile | undefined {
  const { fileName: file, sourceFile } = facts;
  const chosen = compatible(findings);
  if (chosen.length === 0) return undefined;
  const before = sourceFile.text;
  const after = withEdits(
    before,
    chosen.flatMap(({ fix }) => fix.edits),
  );
  workspace.openDocument(file, after, version);
  if (syntaxErrors(workspace.analyze(file)).length > 0) {
    workspace.openDocument(file, before, version);
    return undefined;
  }
  return { file, before, after, applied: chosen.map(toApplied) };
}

export function isFixable(finding: Finding): boolean {
  return safeFix(finding) !== undefined;
}

function safeFix({ fixes }: Finding): Fix | undefined {
  return fixes.find(({ safe }) => safe === true);
}

/** The first safe fix of each finding, as far as it touches nothing that an earlier one changes. */
function compatible(findings: readonly Finding[]): readonly Chosen[] {
  const chosen: Chosen[] = [];
  for (const finding of findings) {
    const fix = safeFix(finding);
    const taken = chosen.flatMap((each) => each.fix.edits);
    if (fix !== undefined && !fix.edits.some((edit) => taken.some((other) => touches(edit, other)))) {
      chosen.push({ finding, fix });
    }
  }
  return chosen;
}

/** Two insertions at one place touch, too: which of them came first would be a matter of luck. */
function touches(one: OffsetEdit, other: OffsetEdit): boolean {
  return one.start <= other.end && other.start <= one.end;
}

/** Edits of one text, in any order; those at one place stand in the order in which they are given. */
function withEdits(text: string, edits: readonly OffsetEdit[]): string {
  const sorted = edits.toSorted((a, b) => a.start - b.start || a.end - b.end);
  const parts: string[] = [];
  let end = 0;
  for (const edit of sorted) {
    parts.push(text.slice(end, edit.start), edit.text);
    end = edit.end;
  }
  return [...parts, text.slice(end)].join("");
}

function toApplied({ finding, fix }: Chosen): AppliedFix {
  const { line, column } = finding.span;
  return { line, column, code: finding.rule, title: fix.title };
}
