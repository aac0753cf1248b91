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
  const valid = Object.entries(value).filter((entry): entry is [string, RuleSeverity] => isSeverity(entry[1]));
  return Object.fromEntries(valid);
}

function isSeverity(value: unknown): value is RuleSeverity {
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

/** What a project's configuration says about how its DAGs run, beside the settings. */
export interface ProjectOptions {
  /** Slots by the pool's name. */
  readonly pools: Readonly<Record<string, number>>;
  /** Most entries of a result that is mapped over; null where nothing is said. */
  readonly maxMapLength: number | null;
  /** The version of Airflow that the DAGs shall also run on, e.g. `3.1`; null where they only run here. */
  readonly targetAirflow: string | null;
}

export const DEFAULT_PROJECT_OPTIONS: ProjectOptions = { pools: {}, maxMapLength: null, targetAirflow: null };

/** Reads them from a configuration; `problems` are sentences about what is of the wrong kind and was left out. */
export function readProjectOptions(value: unknown): { options: ProjectOptions; problems: readonly string[] } {
  if (!isRecord(value)) {
    return { options: DEFAULT_PROJECT_OPTIONS, problems: ["The configuration must be an object."] };
  }
  const pools = value["pools"] ?? {};
  const entries = isRecord(pools) ? Object.entries(pools) : [];
  const sizes = entries.filter((entry): entry is [string, number] => isPositive(entry[1]));
  const maxMapLength = value["maxMapLength"] ?? null;
  const isLength = maxMapLength === null || isPositive(maxMapLength);
  const targetAirflow = value["targetAirflow"] ?? null;
  const isVersion = targetAirflow === null || isAirflowVersion(targetAirflow);
  const problems = [
    ...(isRecord(pools) ? [] : ["'pools' must be an object: the number of slots by the pool's name."]),
    ...entries.flatMap(([name, slots]) =>
      isPositive(slots) ? [] : [`'pools' must give '${name}' a whole number of slots, 1 or more.`],
    ),
    ...(isLength ? [] : ["'maxMapLength' must be a whole number, 1 or more."]),
    ...(isVersion ? [] : ['\'targetAirflow\' must be a version such as "2.10" or "3.1".']),
  ];
  const options: ProjectOptions = {
    pools: Object.fromEntries(sizes),
    maxMapLength: isLength ? maxMapLength : null,
    targetAirflow: isVersion ? targetAirflow : null,
  };
  return { options, problems };
}

function isPositive(value: unknown): value is number {
  return isCount(value) && value > 0;
}

/** Mapping came with 2.3. */
function isAirflowVersion(value: unknown): value is string {
  return typeof value === "string" && /^(?:2\.(?:[3-9]|1\d)|3\.\d+)(?:\.\d+)?$/.test(value);
}
