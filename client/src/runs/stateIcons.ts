import type { ShownState } from "#core/model/shownState.js";

interface StateIcon {
  readonly icon: string;
  readonly colour: string;
}

/**
 * The icons of the Test Explorer, which people know; the signs are those that the graph and the command line have, too. Red
 * and green are the graph's: the Test Explorer's red is no colour in high contrast, and its green is faint in light themes.
 */
export const STATE_ICONS: Readonly<Record<ShownState, StateIcon>> = {
  success: { icon: "pass", colour: "charts.green" },
  failed: { icon: "error", colour: "charts.red" },
  upstream_failed: { icon: "circle-slash", colour: "charts.red" },
  cancelled: { icon: "stop-circle", colour: "testing.iconQueued" },
  lost: { icon: "debug-disconnect", colour: "charts.red" },
  running: { icon: "loading~spin", colour: "charts.blue" },
  up_for_retry: { icon: "debug-restart", colour: "testing.iconQueued" },
  queued: { icon: "history", colour: "testing.iconQueued" },
  scheduled: { icon: "history", colour: "testing.iconQueued" },
  up_for_reschedule: { icon: "history", colour: "testing.iconQueued" },
  skipped: { icon: "debug-step-over", colour: "testing.iconSkipped" },
  none: { icon: "circle-outline", colour: "testing.iconUnset" },
  removed: { icon: "circle-outline", colour: "testing.iconUnset" },
};
