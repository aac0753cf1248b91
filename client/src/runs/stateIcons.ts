import type { ShownState } from "#core/model/shownState.js";

interface StateIcon {
  readonly icon: string;
  readonly colour: string;
}

/**
 * The icons and colours of the Test Explorer, which people know and every theme defines; the signs are those that the
 * graph and the command line have, too.
 */
export const STATE_ICONS: Readonly<Record<ShownState, StateIcon>> = {
  success: { icon: "pass", colour: "testing.iconPassed" },
  failed: { icon: "error", colour: "testing.iconFailed" },
  upstream_failed: { icon: "circle-slash", colour: "testing.iconErrored" },
  cancelled: { icon: "stop-circle", colour: "testing.iconQueued" },
  lost: { icon: "debug-disconnect", colour: "testing.iconErrored" },
  running: { icon: "loading~spin", colour: "charts.blue" },
  up_for_retry: { icon: "debug-restart", colour: "testing.iconQueued" },
  queued: { icon: "history", colour: "testing.iconQueued" },
  scheduled: { icon: "history", colour: "testing.iconQueued" },
  up_for_reschedule: { icon: "history", colour: "testing.iconQueued" },
  skipped: { icon: "debug-step-over", colour: "testing.iconSkipped" },
  none: { icon: "circle-outline", colour: "testing.iconUnset" },
  removed: { icon: "circle-outline", colour: "testing.iconUnset" },
};
