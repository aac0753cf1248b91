/**
 * Airflow's trigger rules, in the order its documentation lists them.
 * Source: airflow-core `TriggerRule`; the rules removed in 3.0 and the internal setup rule are left out.
 */
export const TRIGGER_RULES = [
  "all_success",
  "all_failed",
  "all_done",
  "all_done_min_one_success",
  "all_skipped",
  "one_success",
  "one_failed",
  "one_done",
  "none_failed",
  "none_failed_min_one_success",
  "none_skipped",
  "always",
] as const;

/** Which states of its upstream tasks let a task run. */
export type TriggerRule = (typeof TRIGGER_RULES)[number];

export const DEFAULT_TRIGGER_RULE: TriggerRule = "all_success";

/** What a trigger rule sees of the upstream instances that have ended. */
export interface UpstreamCounts {
  readonly success: number;
  readonly failed: number;
  readonly upstream_failed: number;
  readonly skipped: number;
}

/** The rule of every teardown. Airflow keeps it to itself, so it is not among those that people choose from. */
export const TEARDOWN_RULE = "all_done_setup_success";

/** `wait`: not yet. `run`: now, even if not all upstream instances have ended. Else the task ends without running. */
export type Verdict = "wait" | "run" | "skipped" | "upstream_failed";

/** How many upstream instances ended how, and whether there are more to come. */
interface Upstream extends UpstreamCounts {
  readonly total: number;
  readonly bad: number;
  readonly allDone: boolean;
  /** Those of them that are setups. */
  readonly setups: UpstreamCounts;
}

/** What each rule decides. Source: airflow-core `TriggerRuleDep`. */
const JUDGES: Readonly<Record<TriggerRule | typeof TEARDOWN_RULE, (upstream: Upstream) => Verdict>> = {
  all_success: ({ bad, skipped, success, total }) => {
    if (bad > 0) return "upstream_failed";
    return skipped > 0 ? "skipped" : runWhen(success === total);
  },
  all_failed: ({ success, skipped, bad, total }) => (success + skipped > 0 ? "skipped" : runWhen(bad === total)),
  all_done: ({ allDone }) => runWhen(allDone),
  all_done_min_one_success: ({ skipped, success, allDone }) => {
    if (skipped > 0) return "skipped";
    if (!allDone) return "wait";
    return success > 0 ? "run" : "upstream_failed";
  },
  all_skipped: ({ success, bad, skipped, total }) => (success + bad > 0 ? "skipped" : runWhen(skipped === total)),
  one_success: ({ success, skipped, total, allDone }) => {
    if (success > 0) return "run";
    if (!allDone) return "wait";
    return skipped === total ? "skipped" : "upstream_failed";
  },
  one_failed: ({ bad, allDone }) => (bad > 0 ? "run" : skipWhen(allDone)),
  one_done: ({ success, failed, allDone }) => (success + failed > 0 ? "run" : skipWhen(allDone)),
  none_failed: ({ bad, allDone }) => (bad > 0 ? "upstream_failed" : runWhen(allDone)),
  none_failed_min_one_success: ({ bad, skipped, total, allDone }) => {
    if (bad > 0) return "upstream_failed";
    return skipped === total ? "skipped" : runWhen(allDone);
  },
  none_skipped: ({ skipped, allDone }) => (skipped > 0 ? "skipped" : runWhen(allDone)),
  always: () => "run",
  all_done_setup_success: ({ allDone, setups: { success, failed, upstream_failed, skipped } }) => {
    if (!allDone) return "wait";
    if (success > 0 || failed + upstream_failed + skipped === 0) return "run";
    return failed + upstream_failed > 0 ? "upstream_failed" : "skipped";
  },
};

const NONE: UpstreamCounts = { success: 0, failed: 0, upstream_failed: 0, skipped: 0 };

/**
 * What a rule says of a task. Every instance of a mapped upstream task is one upstream; one that is not expanded, or has
 * nothing to map over, is one in all. `total` counts those that have not ended too; `setups` are those of `ended` that
 * prepare something which the task, a teardown, cleans up.
 */
export function judge(
  rule: TriggerRule | typeof TEARDOWN_RULE,
  ended: UpstreamCounts,
  total: number,
  setups: UpstreamCounts = NONE,
): Verdict {
  // What nothing comes before has nothing to wait for, whatever its rule.
  if (total === 0) return "run";
  const { success, failed, upstream_failed, skipped } = ended;
  const bad = failed + upstream_failed;
  return JUDGES[rule]({
    success,
    failed,
    upstream_failed,
    skipped,
    total,
    bad,
    allDone: success + bad + skipped >= total,
    setups,
  });
}

function runWhen(isMet: boolean): Verdict {
  return isMet ? "run" : "wait";
}

function skipWhen(isMet: boolean): Verdict {
  return isMet ? "skipped" : "wait";
}
