import type { ts } from "ts-morph";
import type { RunErrorCode } from "#core/errorCodes.js";
import type { ProjectOptions } from "#core/configuration.js";
import type { RuleSeverity } from "#core/settings.js";
import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";

export type Severity = Exclude<RuleSeverity, "default" | "off">;

/** 1: syntax and what the interpreter knows, on every key stroke. 2: asks the type checker, a moment later. */
export type Phase = 1 | 2;

/** `dag`: what a DAG says of itself. `runtime`: what an instance would stumble over. `portability`: Airflow itself. */
export type RuleCategory = "mapping" | "graph" | "dag" | "runtime" | "portability";

/** The only source of everything that is said about a rule: code, settings, tables, documents, tests. */
export interface RuleMeta<M extends string = string> {
  /** Kebab-case: the diagnostic's code, the setting's name, the names of its file, document and test. */
  readonly name: string;
  readonly category: RuleCategory;
  readonly defaultSeverity: Severity;
  /** One sentence; the first paragraph of its document. */
  readonly description: string;
  /** By message id; `{name}` stands for a value of the report. */
  readonly messages: Readonly<Record<M, string>>;
  /** Messages whose severity is not the rule's default. A severity from the settings overrides both. */
  readonly severities?: Readonly<Partial<Record<M, Severity>>>;
  /** True where it offers a quick fix beside the comment that switches it off. */
  readonly fixable: boolean;
  /** Names of its options; their settings would be `fanout.rules.<name>.<option>`. */
  readonly options: readonly string[];
  /** What the engine would say at run. */
  readonly prevents: RunErrorCode | null;
  readonly phases: readonly Phase[];
  /** Rows of the catalogue of Airflow's own errors that it covers. */
  readonly dtm: readonly string[];
}

export interface RuleDefinition<M extends string> {
  readonly meta: RuleMeta<M>;
  /** Phase 1. */
  readonly check?: (facts: FileFacts, project: ProjectOptions) => Iterable<Report<M>>;
  /** Phase 2. */
  readonly checkTypes?: (facts: FileFacts, types: TypeQueries, project: ProjectOptions) => Iterable<Report<M>>;
  /** Instead of phase 2 of all rules, where the types take too long to work out. */
  readonly withoutTypes?: (facts: FileFacts) => Iterable<Report<M>>;
}

/** A rule as the registry holds it: its message ids are no longer told apart by the compiler. */
export type Rule = RuleDefinition<string>;

export interface Report<M extends string> {
  readonly messageId: M;
  readonly data?: MessageData;
  readonly node: ts.Node;
  /** Where to report it when `node` is in another file than the one that is checked. */
  readonly site?: ts.Node;
  readonly related?: readonly Related<M>[];
  /** The best one first. */
  readonly fixes?: readonly Fix[];
}

export interface Related<M extends string> {
  readonly messageId: M;
  readonly data?: MessageData;
  readonly node: ts.Node;
}

export type MessageData = Readonly<Record<string, string>>;

/** A change that makes the mistake go away; all of its edits are in the checked file. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly OffsetEdit[];
  /** Nothing else can have been meant, and nothing else changes: `fanout check --fix` applies it without asking. */
  readonly safe?: true;
}

/** Offsets in UTF-16 units in the text that was checked. */
export interface OffsetEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Ties the message ids of the reports to those of `meta`, then forgets them. */
export function createRule<const M extends string>(rule: RuleDefinition<M>): Rule {
  return rule;
}

export function formatMessage(template: string, data: MessageData = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => data[name] ?? whole);
}
