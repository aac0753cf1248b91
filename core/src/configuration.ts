import { RULE_SEVERITIES, type RuleSeverity, isRuleSeverity } from "./settings.js";

/** What a project's configuration says about how its DAGs run, beside the severities of rules. */
export interface ProjectOptions {
  /** Slots by the pool's name. */
  readonly pools: Readonly<Record<string, number>>;
  /** Most entries of a result that is mapped over; null where nothing is said. */
  readonly maxMapLength: number | null;
  /** The version of Airflow that the DAGs shall also run on, e.g. `3.1`; null where they only run here. */
  readonly targetAirflow: string | null;
  /** How hard the record of a run is kept: see `FSYNC`. */
  readonly fsync: Fsync;
  /** Megabytes of memory that a process may take which runs instances: its instance is ended where it takes more. */
  readonly workerMemoryMb: number;
  /** Megabytes that are kept of what one try of an instance prints. */
  readonly logMb: number;
}

/**
 * What a run's record outlives besides the end of its processes, which it always does: `off`, nothing; `normal`, the end
 * of the machine, perhaps without the results of the last moments; `full`, that end too, with every result that was told.
 */
export const FSYNC = ["off", "normal", "full"] as const;
export type Fsync = (typeof FSYNC)[number];

/** Most entries of a result that is mapped over where nothing is said: Airflow's own default of `[core] max_map_length`. */
export const DEFAULT_MAX_MAP_LENGTH = 1024;

export const DEFAULT_PROJECT_OPTIONS: ProjectOptions = {
  pools: {},
  maxMapLength: null,
  targetAirflow: null,
  fsync: "normal",
  workerMemoryMb: 2048,
  logMb: 64,
};

/** The content of `fanout.config.json`, or the section `fanout` of a `package.json`. */
export interface Configuration {
  /** By rule name; a rule that is not named keeps its default. */
  readonly rules: Readonly<Record<string, RuleSeverity>>;
  readonly options: ProjectOptions;
  /** Of what is of the wrong kind, and was left out. */
  readonly problems: readonly ConfigurationProblem[];
}

export interface ConfigurationProblem {
  /** Names from the outside to the wrong value; empty for the whole. */
  readonly path: readonly string[];
  /** One sentence. */
  readonly message: string;
}

/** Everything that a configuration may say. An editor reads the file by `$schema`; it means nothing to us. */
const KEYS: readonly string[] = [
  "$schema",
  "rules",
  "pools",
  "maxMapLength",
  "targetAirflow",
  "fsync",
  "workerMemoryMb",
  "logMb",
];

/** Mapping came with 2.3; the schema of the file says the same. */
export const AIRFLOW_VERSION = /^(?:2\.(?:[3-9]|1\d)|3\.\d+)(?:\.\d+)?$/;

/** Reads a configuration. `ruleNames`, where they are known, are those that there are. */
export function readConfiguration(value: unknown, ruleNames?: readonly string[]): Configuration {
  if (!isRecord(value)) {
    const problem = { path: [], message: "The configuration must be an object." };
    return { rules: {}, options: DEFAULT_PROJECT_OPTIONS, problems: [problem] };
  }
  const { rules = {}, pools = {}, maxMapLength = null, targetAirflow = null } = value;
  const { fsync, workerMemoryMb, logMb } = { ...DEFAULT_PROJECT_OPTIONS, ...value };
  return {
    rules: entriesThat(rules, isRuleSeverity),
    options: {
      pools: entriesThat(pools, isSize),
      maxMapLength: isSize(maxMapLength) ? maxMapLength : null,
      targetAirflow: isAirflowVersion(targetAirflow) ? targetAirflow : null,
      fsync: isFsync(fsync) ? fsync : DEFAULT_PROJECT_OPTIONS.fsync,
      workerMemoryMb: isSize(workerMemoryMb) ? workerMemoryMb : DEFAULT_PROJECT_OPTIONS.workerMemoryMb,
      logMb: isSize(logMb) ? logMb : DEFAULT_PROJECT_OPTIONS.logMb,
    },
    problems: [
      ...unknownKeys(value),
      ...ruleProblems(rules, ruleNames),
      ...poolProblems(pools),
      ...problemUnless(maxMapLength === null || isSize(maxMapLength), ["maxMapLength"], "a whole number, 1 or more"),
      ...problemUnless(
        targetAirflow === null || isAirflowVersion(targetAirflow),
        ["targetAirflow"],
        'a version such as "2.10" or "3.1"',
      ),
      ...problemUnless(isFsync(fsync), ["fsync"], `one of ${FSYNC.join(", ")}`),
      ...problemUnless(isSize(workerMemoryMb), ["workerMemoryMb"], "a whole number of megabytes, 1 or more"),
      ...problemUnless(isSize(logMb), ["logMb"], "a whole number of megabytes, 1 or more"),
    ],
  };
}

function* unknownKeys(value: Readonly<Record<string, unknown>>): Generator<ConfigurationProblem> {
  for (const key of Object.keys(value)) {
    if (KEYS.includes(key)) continue;
    const names = KEYS.slice(1).map((name) => `'${name}'`);
    yield { path: [key], message: `The configuration knows no '${key}', only ${names.join(", ")}.` };
  }
}

function* ruleProblems(rules: unknown, names?: readonly string[]): Generator<ConfigurationProblem> {
  if (!isRecord(rules)) {
    yield* problemUnless(false, ["rules"], "an object: severities by the rule's name");
    return;
  }
  for (const [name, severity] of Object.entries(rules)) {
    const path = ["rules", name];
    if (names?.includes(name) === false) yield { path, message: `There is no rule '${name}'.` };
    else yield* problemUnless(isRuleSeverity(severity), path, `one of ${RULE_SEVERITIES.join(", ")}`);
  }
}

function* poolProblems(pools: unknown): Generator<ConfigurationProblem> {
  if (!isRecord(pools)) {
    yield* problemUnless(false, ["pools"], "an object: the number of slots by the pool's name");
    return;
  }
  for (const [name, slots] of Object.entries(pools)) {
    yield* problemUnless(isSize(slots), ["pools", name], "a whole number of slots, 1 or more");
  }
}

function problemUnless(holds: boolean, path: readonly string[], kind: string): readonly ConfigurationProblem[] {
  return holds ? [] : [{ path, message: `'${path.join(".")}' must be ${kind}.` }];
}

function entriesThat<T>(value: unknown, guard: (entry: unknown) => entry is T): Readonly<Record<string, T>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, T] => guard(entry[1])));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0;
}

function isAirflowVersion(value: unknown): value is string {
  return typeof value === "string" && AIRFLOW_VERSION.test(value);
}

function isFsync(value: unknown): value is Fsync {
  return FSYNC.some((fsync) => fsync === value);
}
