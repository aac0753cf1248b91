import { durationText } from "#core/durationText.js";
import type { BackfillResult, BackfilledRun } from "../../engine/backfill.js";
import type { PlannedRun } from "../../engine/backfillPlan.js";
import type { Output } from "../cli.js";
import { type BackfillTracker, type ShownPlan, firstFailure, stoppedRuns } from "./backfillTracker.js";
import type { Colors } from "./colors.js";
import { type ErrorView, errorLines } from "./errorText.js";
import type { LiveOptions } from "./liveView.js";
import type { TrackedRun } from "./runTracker.js";
import { glyph, paintOf } from "./states.js";
import { type Column, tableLines } from "./table.js";
import { fit, oneLine, plural } from "./text.js";

/** Failed runs whose reason is shown in full. */
const MOST_FAILURES = 3;
/** Runs under way that the live view names. */
const MOST_ACTIVE = 16;
/** Kept runs without an end that are named. */
const MOST_STOPPED = 3;

/** Where every interval has its run. */
export function nothingLines(plan: ShownPlan, colors: Colors, command = "fanout"): string[] {
  const { dag_id } = plan.dag.model;
  if (plan.runs.length === 0) return [`'${dag_id}' has no complete interval there.`];
  const failed = plan.runs.filter(({ existing }) => existing?.state === "failed" && existing.stopped === null).length;
  const hint = `  ${plural(failed, "run")} of them failed: --reprocess-behavior failed does them again`;
  const count = plan.runs.length === 1 ? "The interval has" : `All ${String(plan.runs.length)} intervals have`;
  return [
    `${count} a run of '${dag_id}' already.`,
    ...(failed > 0 ? [colors.dim(hint)] : []),
    ...stoppedLines(plan, colors, command),
  ];
}

/** Of the runs that stay as they are, those that never came to their end, and how they do. */
export function stoppedLines(plan: ShownPlan, colors: Colors, command: string): string[] {
  const stopped = stoppedRuns(plan);
  if (stopped.length === 0) return [];
  const kinds = [...new Set(stopped.map((run) => run.stopped))].join(" or ");
  const hidden = stopped.length - MOST_STOPPED;
  return [
    colors.yellow(
      `${plural(stopped.length, "interval")} ${stopped.length === 1 ? "has" : "have"} a run that was ${kinds}:`,
    ),
    ...stopped.slice(0, MOST_STOPPED).map(({ run_id }) => `  ${colors.cyan(`${command} resume ${run_id}`)}`),
    ...(hidden > 0 ? [colors.dim(`  … ${String(hidden)} more: ${command} runs`)] : []),
    colors.dim("  or begin them anew: --reprocess-behavior failed"),
  ];
}

/** `--dry-run`. */
export function planLines(plan: ShownPlan, { colors, columns }: Pick<Output, "colors" | "columns">): string[] {
  const { dag_id } = plan.dag.model;
  if (plan.runs.length === 0) return [`'${dag_id}' has no complete interval there.`];
  const rows = plan.runs.map(({ interval, existing, isWanted }) => [
    dateText(interval.start),
    dateText(interval.end),
    isWanted ? "run" : "keep",
    existing === null ? "" : `${existing.run_id} (${existing.stopped ?? existing.state})`,
  ]);
  const titles: Column[] = [
    { title: "from" },
    { title: "to", paint: colors.dim },
    { title: "plan", paint: (cell) => (cell.trim() === "run" ? colors.green(cell) : colors.dim(cell)) },
    { title: "has the run", shrink: 1, paint: colors.dim },
  ];
  const wanted = plan.runs.filter(({ isWanted }) => isWanted).length;
  return [
    ...tableLines(titles, rows, columns(), colors.dim),
    "",
    `${plural(wanted, "run")} of '${dag_id}' to do, ${String(rows.length - wanted)} kept as they are.`,
  ];
}

export function beginLine({ interval }: PlannedRun, run_id: string, colors: Colors): string {
  return `${colors.cyan("▸")} ${dateText(interval.start)}  ${colors.dim(run_id)}`;
}

export function endLine(ended: BackfilledRun, tracker: BackfillTracker, colors: Colors): string {
  const paint = paintOf(ended.state, colors);
  const failure = reasonText(ended, tracker);
  const took = tookText(tracker.run(ended.run_id));
  const line = `${paint(glyphOf(ended))} ${dateText(ended.planned.interval.start)}  ${paint(ended.state)}`;
  return `${line}  ${colors.dim(took)}${failure === "" ? "" : `  ${failure}`}`.trimEnd();
}

/** While the runs are under way. */
export function progressLines(tracker: BackfillTracker, { colors, width, height, now, notice }: LiveOptions): string[] {
  const [success, failed] = [tracker.count("success"), tracker.count("failed")];
  const done = `${String(success + failed)}/${String(tracker.wanted)} runs`;
  const bad = failed === 0 ? "" : ` · ${String(failed)} failed`;
  const { active } = tracker;
  const shown = active.slice(0, Math.max(1, Math.min(MOST_ACTIVE, height - 4)));
  const lines = shown.map(({ planned, run }) => {
    const tasks = run
      ? `${String(run.tasks.filter(({ finished }) => finished).length)}/${String(run.tasks.length)} tasks`
      : "";
    const elapsed = run ? durationText(now - run.start) : "";
    return fit(`  ▸ ${dateText(planned.interval.start)}  ${tasks}  ${elapsed}`, width);
  });
  return [
    fit(`${tracker.plan.dag.model.dag_id} · ${done}${bad}`, width),
    ...lines.map((line) => colors.cyan(line)),
    ...(active.length > shown.length ? [colors.dim(`  … ${String(active.length - shown.length)} more`)] : []),
    ...(notice === undefined ? [] : [colors.yellow(fit(notice, width))]),
  ];
}

/** What became of every interval. */
export function resultLines(
  { runs, cancelled }: BackfillResult,
  tracker: BackfillTracker,
  view: ErrorView & { readonly width: number; readonly command: string },
): string[] {
  const { colors } = view;
  const rows = runs.map((ended) => [
    dateText(ended.planned.interval.start),
    `${glyphOf(ended)} ${ended.state}`,
    tookText(tracker.run(ended.run_id)),
    ended.run_id ?? "",
    reasonText(ended, tracker),
  ]);
  const columns: Column[] = [
    { title: "logical date" },
    { title: "state", paint: (cell, row) => paintOf(runs[row]?.state ?? "queued", colors)(cell) },
    { title: "took", align: "right", paint: colors.dim },
    { title: "run", shrink: 0.5, paint: colors.dim },
    { title: "why", shrink: 1 },
  ];
  return [
    "",
    ...tableLines(columns, rows, view.width, colors.dim),
    ...runs
      .flatMap((ended) => failureLines(ended, tracker, view))
      .slice(0, MOST_FAILURES)
      .flat(),
    "",
    outcomeLine(runs, tracker, cancelled, colors),
    ...hintLines(runs, view.command, colors),
    ...stoppedLines(tracker.plan, colors, view.command),
  ];
}

function failureLines(ended: BackfilledRun, tracker: BackfillTracker, view: ErrorView): string[][] {
  if (ended.state === "success") return [];
  const failure = firstFailure(tracker.run(ended.run_id), ended.error);
  if (!failure) return [];
  const of = failure.label === "" ? "the run" : failure.label;
  return [["", ...errorLines(failure.error, view, `${of} of ${dateText(ended.planned.interval.start)} failed`)]];
}

function outcomeLine(
  runs: readonly BackfilledRun[],
  tracker: BackfillTracker,
  cancelled: boolean,
  colors: Colors,
): string {
  const failed = runs.filter(({ state }) => state !== "success").length;
  const counts = `${plural(runs.length, "run")}: ${String(runs.length - failed)} success, ${String(failed)} failed`;
  const left = tracker.wanted - runs.length;
  const open = left === 0 ? "" : `, ${String(left)} not started`;
  const kept = tracker.plan.runs.length - tracker.wanted;
  const had = kept === 0 ? "" : ` ${plural(kept, "interval")} had a run already.`;
  const isWhole = stoppedRuns(tracker.plan).length === 0;
  const paint = failed > 0 || cancelled ? colors.red : isWhole ? colors.green : colors.yellow;
  const outcome = cancelled ? "cancelled" : failed > 0 ? "failed" : isWhole ? "success" : "incomplete";
  return `${paint(outcome)}  ${counts}${open}.${had}`;
}

function hintLines(runs: readonly BackfilledRun[], command: string, colors: Colors): string[] {
  const failed = runs.find(({ state, run_id }) => state !== "success" && run_id !== null);
  return failed?.run_id ? [colors.dim(`  ${command} show ${failed.run_id}`)] : [];
}

function reasonText(ended: BackfilledRun, tracker: BackfillTracker): string {
  const failure = ended.state === "success" ? null : firstFailure(tracker.run(ended.run_id), ended.error);
  if (!failure) return "";
  const [headline = ""] = failure.error.message.split("\n");
  return oneLine(failure.label === "" ? headline : `${failure.label}: ${headline}`);
}

function glyphOf({ state }: BackfilledRun): string {
  return glyph(state === "queued" ? "queued" : state);
}

function tookText(run: TrackedRun | undefined): string {
  return run?.end === undefined ? "" : durationText(run.end - run.start);
}

/** `2024-03-31 01:00`: in UTC, with seconds only where there are any. */
function dateText(at: number): string {
  const text = new Date(at).toISOString().slice(0, 19).replace("T", " ");
  return text.endsWith(":00") ? text.slice(0, -3) : text;
}
