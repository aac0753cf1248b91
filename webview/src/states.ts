import type { RunState, RunSummary } from "#core/model/run.js";
import { type ShownCounts, type ShownState, toldApart } from "#core/model/shownState.js";
import type { TaskOverlay } from "#core/protocol/preview.js";

/** As `TaskOverlay`, once it is known whether anything runs and what was cancelled. */
export interface ShownOverlay extends Omit<TaskOverlay, "state" | "counts"> {
  readonly state: ShownState;
  readonly counts: ShownCounts;
}

/** In a run that is not under way nothing runs, whatever is recorded of it. */
export function shownOverlay({ cancelled = 0, ...overlay }: ShownOverlay, run: RunState): ShownOverlay {
  const isUnderWay = run === "running" || run === "queued";
  return { ...overlay, ...toldApart(overlay, { lost: isUnderWay ? 0 : (overlay.counts.running ?? 0), cancelled }) };
}

interface StateLook {
  /** As a person reads it. */
  readonly label: string;
  /** A glyph of the icon font: a state is never told by its colour alone. */
  readonly glyph: string;
}

/** In the order of legend and bars: what went well, what went wrong, what is under way, what is left. */
export const STATE_LOOKS: Readonly<Record<ShownState, StateLook>> = {
  success: { label: "success", glyph: "\ueba4" },
  failed: { label: "failed", glyph: "\uea87" },
  cancelled: { label: "cancelled", glyph: "\ueba5" },
  upstream_failed: { label: "upstream failed", glyph: "\ueabd" },
  up_for_retry: { label: "up for retry", glyph: "\uead2" },
  up_for_reschedule: { label: "up for reschedule", glyph: "\uea82" },
  lost: { label: "lost", glyph: "\uead0" },
  running: { label: "running", glyph: "\ueb19" },
  queued: { label: "queued", glyph: "\uea82" },
  scheduled: { label: "scheduled", glyph: "\ueab0" },
  skipped: { label: "skipped", glyph: "\uead6" },
  removed: { label: "removed", glyph: "\uea81" },
  none: { label: "not started", glyph: "\ueabc" },
};

export const SHOWN_STATES = Object.keys(STATE_LOOKS) as readonly ShownState[];

export const RUN_STATE_GLYPHS: Readonly<Record<RunState, string>> = {
  queued: STATE_LOOKS.queued.glyph,
  running: STATE_LOOKS.running.glyph,
  success: STATE_LOOKS.success.glyph,
  failed: STATE_LOOKS.failed.glyph,
};

/** Of a run that ended before its tasks had. */
export const STOPPED_GLYPHS: Readonly<Record<NonNullable<RunSummary["stopped"]>, string>> = {
  cancelled: STATE_LOOKS.cancelled.glyph,
  lost: STATE_LOOKS.lost.glyph,
};

/** `2 success, 1 failed`; empty where nothing is counted. */
export function describeCounts(counts: ShownCounts): string {
  return SHOWN_STATES.filter((state) => (counts[state] ?? 0) > 0)
    .map((state) => `${counts[state] ?? 0} ${STATE_LOOKS[state].label}`)
    .join(", ");
}
