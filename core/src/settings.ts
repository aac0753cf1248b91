/** Severity of a rule, as in `fanout.rules.<name>`; `default` keeps the rule's own. */
export const RULE_SEVERITIES = ["default", "error", "warning", "information", "hint", "off"] as const;
export type RuleSeverity = (typeof RULE_SEVERITIES)[number];

/** The settings section `fanout`. */
export interface Settings {
  /** By rule name; a rule that is not named keeps its default. */
  readonly rules: Readonly<Record<string, RuleSeverity>>;
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
  /** Path of the Node that runs DAGs; empty: `node` on PATH, else the host's own. */
  readonly nodePath: string;
  /** Worker processes of a run; 0: one per core. */
  readonly parallelism: number;
}

export const DEFAULT_SETTINGS: Settings = {
  rules: {},
  codeLens: true,
  inlayHints: true,
  nodePath: "",
  parallelism: 0,
};

/** Reads settings from anywhere; whatever is missing or of the wrong kind falls back to its default. */
export function normaliseSettings(value: unknown): Settings {
  const given = isRecord(value) ? value : {};
  return {
    rules: normaliseRules(given["rules"]),
    codeLens: booleanOr(given["codeLens"], DEFAULT_SETTINGS.codeLens),
    inlayHints: booleanOr(given["inlayHints"], DEFAULT_SETTINGS.inlayHints),
    nodePath: typeof given["nodePath"] === "string" ? given["nodePath"] : DEFAULT_SETTINGS.nodePath,
    parallelism: isCount(given["parallelism"]) ? given["parallelism"] : DEFAULT_SETTINGS.parallelism,
  };
}

function normaliseRules(value: unknown): Record<string, RuleSeverity> {
  if (!isRecord(value)) return {};
  const valid = Object.entries(value).filter((entry): entry is [string, RuleSeverity] => isRuleSeverity(entry[1]));
  return Object.fromEntries(valid);
}

export function isRuleSeverity(value: unknown): value is RuleSeverity {
  return RULE_SEVERITIES.some((severity) => severity === value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function booleanOr(value: unknown, fallback: boolean): boolean {
  return typeof value === "boolean" ? value : fallback;
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}
