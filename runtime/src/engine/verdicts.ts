import { TEARDOWN_RULE, type Verdict, judge } from "#core/model/triggerRule.js";
import type { Settlement } from "./effects.js";
import type { PlanTask } from "./plan.js";
import { type Ending, SEEN } from "./taskProgress.js";

/** The states that occur upstream, as `SEEN` counts them. */
export interface SeenUpstream {
  /** Of the tasks right before it. */
  readonly direct: number;
  /** Of the setups that must have succeeded. */
  readonly setups: number;
  /** Of a teardown: of the setups right before it. */
  readonly ownSetups: number;
  /** Of the tasks without instances of their own whose results it, or its group, maps over. */
  readonly sources: number;
}

/** Those that need not wait for all. Source: airflow-core `TriggerRuleDep`, which calls them fast. */
const FAST_RULES: ReadonlySet<string> = new Set(["one_success", "one_failed", "one_done"]);

/** True where a task that is not expanded yet looks at all instances of its mapped group, because it has no index. */
export function looksAtAll({ role, trigger_rule }: PlanTask): boolean {
  return role !== "teardown" && FAST_RULES.has(trigger_rule);
}

/**
 * What needs a setup waits for it and ends as it does where it does not succeed; then the trigger rule decides; then,
 * whatever the rule says and without waiting for it, that there is nothing to map over without its source.
 * Source of the last: airflow-core `MappedTaskUpstreamDep`, which leaves out sources that have instances of their own.
 */
export function judgeUpstream(task: PlanTask, seen: SeenUpstream): Verdict {
  const verdict = judgeRule(task, seen);
  if (settlementOf(verdict)) return verdict;
  if ((seen.sources & (SEEN.failed | SEEN.upstream_failed)) !== 0) return "upstream_failed";
  return (seen.sources & SEEN.skipped) === 0 ? verdict : "skipped";
}

function judgeRule({ role, trigger_rule }: PlanTask, { direct, setups, ownSetups }: SeenUpstream): Verdict {
  const constraint = judge("all_success", countsOf(setups), totalOf(setups));
  if (settlementOf(constraint)) return constraint;
  const rule = role === "teardown" ? TEARDOWN_RULE : trigger_rule;
  const verdict = judge(rule, countsOf(direct), totalOf(direct), countsOf(ownSetups));
  return verdict === "run" ? constraint : verdict;
}

export function settlementOf(verdict: Verdict): Settlement | null {
  return verdict === "skipped" || verdict === "upstream_failed" ? verdict : null;
}

/** One of each state that occurs: no rule asks for more. */
function countsOf(seen: number): Readonly<Record<Ending, number>> {
  const one = (state: Ending): number => ((seen & SEEN[state]) === 0 ? 0 : 1);
  return {
    success: one("success"),
    failed: one("failed"),
    upstream_failed: one("upstream_failed"),
    skipped: one("skipped"),
  };
}

function totalOf(seen: number): number {
  const { success, failed, upstream_failed, skipped } = countsOf(seen);
  return success + failed + upstream_failed + skipped + ((seen & SEEN.open) === 0 ? 0 : 1);
}
