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
}

/** These may decide before all upstream instances have ended. */
const EARLY_RULES: ReadonlySet<string> = new Set(["one_success", "one_failed", "one_done"]);

export function decidesEarly({ role, trigger_rule }: PlanTask): boolean {
  return role !== "teardown" && EARLY_RULES.has(trigger_rule);
}

/** What needs a setup waits for it and ends as it does where it does not succeed; else the trigger rule decides. */
export function judgeUpstream({ role, trigger_rule }: PlanTask, { direct, setups, ownSetups }: SeenUpstream): Verdict {
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
