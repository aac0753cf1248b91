import type { ts } from "ts-morph";
import type { SourceSpan } from "#core/model/source.js";
import { DEFAULT_PROJECT_OPTIONS, type ProjectOptions } from "#core/configuration.js";
import type { Settings } from "#core/settings.js";
import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import {
  type Fix,
  type Phase,
  formatMessage,
  type Related,
  type Report,
  type Rule,
  type RuleMeta,
  type Severity,
} from "./createRule.js";
import { spanOf } from "../analysis/spans.js";
import { readSuppressions, type Suppressions } from "./support/suppressions.js";

/** One mistake that a rule found, as plain data: nothing in it needs the program it was found in. */
export interface Finding {
  readonly rule: string;
  readonly messageId: string;
  readonly severity: Severity;
  /** The phase that found it. */
  readonly phase: Phase;
  readonly message: string;
  readonly span: Required<SourceSpan>;
  readonly related: readonly RelatedFinding[];
  readonly fixes: readonly Fix[];
}

export interface RelatedFinding {
  readonly messageId: string;
  readonly message: string;
  readonly span: Required<SourceSpan>;
}

export interface RunOptions {
  readonly rules: readonly Rule[];
  readonly severities: Settings["rules"];
  /** What the project's configuration says; the defaults where left out. */
  readonly project?: ProjectOptions;
  /** Ends it between two rules; what is found then is not all. */
  readonly cancellation?: { readonly isCancellationRequested: boolean };
  /** Without it only phase 1 runs. */
  readonly types?: TypeQueries;
}

/** All findings of one file in the order of their places, without those that are switched off by settings or comments. */
export function runRules(facts: FileFacts, options: RunOptions): readonly Finding[] {
  const found: Finding[] = [];
  const suppressions = suppressionsByFile(facts);
  const active = options.rules.filter(({ meta }) => options.severities[meta.name] !== "off");
  const typed = reportsWithTypes(active, facts, options);
  for (const rule of active) {
    const configured = options.severities[rule.meta.name] ?? "default";
    if (options.cancellation?.isCancellationRequested === true) break;
    const reported = [...reportsWithoutTypes(rule, facts, options), ...(typed.get(rule) ?? [])];
    for (const { report, phase } of onePerPlace(reported, facts)) {
      if (isSuppressed(report, rule.meta, facts, suppressions)) continue;
      const isDefault = configured === "default" || configured === "off";
      const severity = isDefault ? defaultSeverity(rule.meta, report.messageId) : configured;
      found.push({ ...toFinding(report, rule.meta, facts), severity, phase });
    }
  }
  return found.sort((a, b) => a.span.line - b.span.line || a.span.column - b.span.column);
}

interface Reported {
  readonly report: Report<string>;
  readonly phase: Phase;
}

function reportsWithoutTypes(rule: Rule, facts: FileFacts, { project }: RunOptions): readonly Reported[] {
  const reports = [...(rule.check?.(facts, project ?? DEFAULT_PROJECT_OPTIONS) ?? [])];
  return reports.map((report) => ({ report, phase: 1 }));
}

/** All of them under one limit of time: a limit for each would cost more than the answers. */
function reportsWithTypes(
  rules: readonly Rule[],
  facts: FileFacts,
  { types, cancellation, project = DEFAULT_PROJECT_OPTIONS }: RunOptions,
): ReadonlyMap<Rule, readonly Reported[]> {
  if (types === undefined) return new Map();
  const isEnded = (): boolean => cancellation?.isCancellationRequested === true;
  const collect = (ask: (rule: Rule) => Iterable<Report<string>>): ReadonlyMap<Rule, readonly Reported[]> =>
    new Map(rules.map((rule) => [rule, [...ask(rule)].map((report) => ({ report, phase: 2 }))]));
  return (
    types.within(() => collect((rule) => (isEnded() ? [] : (rule.checkTypes?.(facts, types, project) ?? [])))) ??
    collect((rule) => rule.withoutTypes?.(facts) ?? [])
  );
}

/** A loop, or a helper that is called twice, creates several tasks from the same text. */
function onePerPlace(reported: Iterable<Reported>, facts: FileFacts): readonly Reported[] {
  const byPlace = new Map<string, Reported>();
  for (const each of reported) {
    const node = placeOf(each.report, facts);
    const key = `${node.getStart()}-${node.getEnd()}`;
    if (!byPlace.has(key)) byPlace.set(key, each);
  }
  return [...byPlace.values()];
}

function isInFile(node: ts.Node, facts: FileFacts): boolean {
  return node.getSourceFile().fileName === facts.sourceFile.fileName;
}

/** A diagnostic stands in the checked file even where the mistake is written in a helper's. */
function placeOf(report: Report<string>, facts: FileFacts): ts.Node {
  return isInFile(report.node, facts) ? report.node : (report.site ?? facts.sourceFile);
}

function isSuppressed(
  report: Report<string>,
  meta: RuleMeta,
  facts: FileFacts,
  suppressions: (sourceFile: ts.SourceFile) => Suppressions,
): boolean {
  return [report.node, placeOf(report, facts)].some((node) =>
    suppressions(node.getSourceFile()).covers(meta.name, spanOf(node).line),
  );
}

function suppressionsByFile(facts: FileFacts): (sourceFile: ts.SourceFile) => Suppressions {
  const read = new Map<ts.SourceFile, Suppressions>([[facts.sourceFile, readSuppressions(facts.sourceFile.text)]]);
  return (sourceFile) => {
    const known = read.get(sourceFile) ?? readSuppressions(sourceFile.text);
    read.set(sourceFile, known);
    return known;
  };
}

function defaultSeverity(meta: RuleMeta, messageId: string): Severity {
  return meta.severities?.[messageId] ?? meta.defaultSeverity;
}

function toFinding(report: Report<string>, meta: RuleMeta, facts: FileFacts): Omit<Finding, "severity" | "phase"> {
  const here = isInFile(report.node, facts);
  const message = formatMessage(meta.messages[report.messageId] ?? report.messageId, report.data);
  const origin: RelatedFinding = { messageId: report.messageId, message, span: spanOf(report.node) };
  const related = (report.related ?? []).map((each) => toRelated(each, meta));
  return {
    rule: meta.name,
    messageId: report.messageId,
    message,
    span: spanOf(placeOf(report, facts)),
    related: here ? related : [origin, ...related],
    fixes: here ? (report.fixes ?? []) : [],
  };
}

function toRelated(related: Related<string>, meta: RuleMeta): RelatedFinding {
  return {
    messageId: related.messageId,
    message: formatMessage(meta.messages[related.messageId] ?? related.messageId, related.data),
    span: spanOf(related.node),
  };
}
