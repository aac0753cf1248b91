import type { Settings } from "#core/settings.js";
import type { ts } from "ts-morph";

/**
 * Comments that switch rules off: `// fanout-disable-next-line rule, other -- reason` for the line of code after it,
 * `// fanout-disable rule -- reason` for the file. Without a name they mean every rule.
 */
export interface Suppressions {
  /** `line` counts from 1. */
  readonly covers: (rule: string, line: number) => boolean;
}

/** A comment of its own, so that a string that happens to hold these words switches nothing off. */
const directive = /^\s*(?:\/\/|\/\*)\s*fanout-disable(?<nextLine>-next-line)?(?=\s|\*|$)(?<rest>.*)$/;
const comment = /^\s*(?:\/\/|\/\*|\*)/;
const everyRule = "*";

export function readSuppressions(text: string): Suppressions {
  const inFile = new Set<string>();
  const byLine = new Map<number, Set<string>>();
  // Nearly every file has none: the search is cheaper than looking at each line.
  const lines = text.includes("fanout-disable") ? text.split(/\r\n|[\r\n]/) : [];
  lines.forEach((line, index) => {
    const groups = directive.exec(line)?.groups;
    if (groups === undefined) return;
    const names = namesIn(groups["rest"] ?? "");
    if (groups["nextLine"] === undefined) for (const name of names) inFile.add(name);
    else addAll(byLine, nextCodeLine(lines, index), names);
  });
  return {
    covers: (rule, line) => has(inFile, rule) || has(byLine.get(line), rule),
  };
}

/**
 * Whether a rule is switched off for something in the statement that holds a line: what executing refuses as a whole, such
 * as a `dag()` call, a rule underlines and a comment silences inside of it.
 */
export function silencedIn(
  sourceFile: ts.SourceFile,
  severities: Settings["rules"],
): (rule: string, line: number) => boolean {
  const { covers } = readSuppressions(sourceFile.text);
  const lineAt = (offset: number): number => sourceFile.getLineAndCharacterOfPosition(offset).line + 1;
  return (rule, line) => {
    if (severities[rule] === "off" || covers(rule, line)) return true;
    const holds = ({ first, last }: { first: number; last: number }): boolean => first <= line && line <= last;
    const statement = sourceFile.statements
      .map((each) => ({ first: lineAt(each.getStart(sourceFile)), last: lineAt(each.end) }))
      .find(holds);
    if (statement === undefined) return false;
    const { first, last } = statement;
    return Array.from({ length: last - first + 1 }, (_, index) => first + index).some((each) => covers(rule, each));
  };
}

/** Where a line already has such a comment above it, the comment's text and the offset at which another name goes. */
export function nextLineDirective(line: string): { readonly namesEnd: number } | undefined {
  const groups = directive.exec(line)?.groups;
  if (groups?.["nextLine"] === undefined) return undefined;
  const rest = groups["rest"] ?? "";
  const names = withoutReason(rest);
  if (names.trim() === "") return undefined;
  return { namesEnd: line.length - rest.length + names.trimEnd().length };
}

function namesIn(rest: string): readonly string[] {
  const names = withoutReason(rest)
    .split(/[\s,]+/)
    .filter((name) => name !== "");
  return names.length === 0 ? [everyRule] : names;
}

function withoutReason(rest: string): string {
  return rest.replace(/\s*(?:--|\*\/).*$/, "");
}

/** 1-based; further comments between the directive and the code do not come in its way. */
function nextCodeLine(lines: readonly string[], directiveIndex: number): number {
  const offset = lines.slice(directiveIndex + 1).findIndex((line) => !comment.test(line));
  return directiveIndex + 2 + Math.max(offset, 0);
}

function addAll(byLine: Map<number, Set<string>>, line: number, names: readonly string[]): void {
  const known = byLine.get(line) ?? new Set();
  for (const name of names) known.add(name);
  byLine.set(line, known);
}

function has(names: ReadonlySet<string> | undefined, rule: string): boolean {
  return names !== undefined && (names.has(rule) || names.has(everyRule));
}
