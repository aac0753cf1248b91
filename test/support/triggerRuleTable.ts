import type { TriggerRule } from "#core/model/triggerRule.js";

/** `open`: not ended, whatever else it is. */
export type UpstreamState = "success" | "failed" | "upstream_failed" | "skipped" | "open";
export const UPSTREAM_STATES: readonly UpstreamState[] = ["success", "failed", "upstream_failed", "skipped", "open"];

type Settled = "skipped" | "upstream_failed";
type Condition = (states: readonly UpstreamState[]) => boolean;

const done: Condition = (states) => !states.includes("open");
const any =
  (...wanted: readonly UpstreamState[]): Condition =>
  (states) =>
    states.some((state) => wanted.includes(state));
const all =
  (...wanted: readonly UpstreamState[]): Condition =>
  (states) =>
    states.every((state) => wanted.includes(state));
const both =
  (one: Condition, other: Condition): Condition =>
  (states) =>
    one(states) && other(states);
const not =
  (one: Condition): Condition =>
  (states) =>
    !one(states);

/** One row of the table of airflow-semantics §2.9: its second column, first that holds wins, and its third. */
interface Row {
  readonly settles: readonly (readonly [Condition, Settled])[];
  readonly runs: Condition;
}

const failure = any("failed", "upstream_failed");

/** The table once more, over lists of states in place of counts, written from the prose and not from the code. */
const TABLE: Readonly<Record<TriggerRule, Row>> = {
  all_success: {
    settles: [
      [failure, "upstream_failed"],
      [any("skipped"), "skipped"],
    ],
    runs: all("success"),
  },
  all_failed: { settles: [[any("success", "skipped"), "skipped"]], runs: all("failed", "upstream_failed") },
  all_done: { settles: [], runs: done },
  one_success: {
    settles: [
      [both(done, all("skipped")), "skipped"],
      [both(done, not(any("success"))), "upstream_failed"],
    ],
    runs: any("success"),
  },
  one_failed: { settles: [[both(done, not(failure)), "skipped"]], runs: failure },
  one_done: { settles: [[both(done, not(any("success", "failed"))), "skipped"]], runs: any("success", "failed") },
  none_failed: { settles: [[failure, "upstream_failed"]], runs: all("success", "skipped") },
  none_failed_min_one_success: {
    settles: [
      [failure, "upstream_failed"],
      [all("skipped"), "skipped"],
    ],
    runs: all("success", "skipped"),
  },
  none_skipped: { settles: [[any("skipped"), "skipped"]], runs: both(done, not(any("skipped"))) },
  all_skipped: { settles: [[any("success", "failed", "upstream_failed"), "skipped"]], runs: all("skipped") },
  all_done_min_one_success: {
    settles: [
      [any("skipped"), "skipped"],
      [both(done, not(any("success"))), "upstream_failed"],
    ],
    runs: both(done, any("success")),
  },
  always: { settles: [], runs: () => true },
};

/** What the table says of a task with these upstream instances. What settles it comes first. */
export function tableSays(rule: TriggerRule, states: readonly UpstreamState[]): "wait" | "run" | Settled {
  if (states.length === 0) return "run";
  const { settles, runs } = TABLE[rule];
  const settled = settles.find(([condition]) => condition(states))?.[1];
  return settled ?? (runs(states) ? "run" : "wait");
}

/** The same of a teardown, whose upstream setups are told apart. */
export function teardownTableSays(
  setups: readonly UpstreamState[],
  others: readonly UpstreamState[],
): "wait" | "run" | Settled {
  if (!done([...setups, ...others])) return "wait";
  if (setups.length === 0 || any("success")(setups)) return "run";
  return all("skipped")(setups) ? "skipped" : "upstream_failed";
}
