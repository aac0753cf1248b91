import picocolors from "picocolors";
import type { Colors } from "./colors.js";
import { durationText } from "#core/durationText.js";
import { type InstanceDetails, type RecordedRun, type RunRecord, UNMAPPED_INDEX } from "#core/model/run.js";
import { shownState, shownTask } from "#core/model/shownState.js";
import { errorLines, outcomeTitle, pathText, runErrorLines, type ErrorView } from "./errorText.js";
import { instanceLabel, glyph, paintOf, statesText, taskLabel } from "./states.js";
import { tableLines } from "./table.js";
import { tookOf } from "./taskTime.js";
import { triesLines } from "./triesText.js";
import { logLine, oneLine, plural } from "./text.js";
import { entryText, valueText } from "./valueText.js";

/** A cell is coloured as a whole, by its column. */
const uncoloured = picocolors.createColors(false);

/** Runs that the text shows; programs get all of them. */
const MOST_RUNS = 50;
const TASKS_WIDTH = 120;
const VALUE_WIDTH = 110;
/** Longer values are shortened for people. */
const MOST_VALUE_LINES = 40;
const MOST_VALUE_LENGTH = 8000;

/** `fanout runs`. */
export function runsLines(runs: readonly RunRecord[], width: number, colors: Colors): string[] {
  if (runs.length === 0) return ["No runs."];
  const canGoOn = runs.slice(0, MOST_RUNS).some(({ stopped }) => stopped !== null);
  return [
    ...runTable(runs, width, colors),
    ...(canGoOn ? [colors.dim("'fanout resume RUN' goes on with what was cancelled or lost.")] : []),
  ];
}

/** Runs, newest first, one a line. */
export function runTable(runs: readonly RunRecord[], width: number, colors: Colors): string[] {
  const shown = runs.slice(0, MOST_RUNS);
  const rows = shown.map((run) => [
    run.run_id,
    run.dag_id,
    run.stopped ?? run.state,
    shortDate(run.logical_date),
    shortDate(run.start),
    tookText(run.start, run.end),
  ]);
  const columns = [
    { title: "run", shrink: 0.5 },
    { title: "dag", shrink: 0.5 },
    { title: "state", paint: (cell: string, row: number) => paintRun(shown[row], colors)(cell) },
    { title: "logical date", paint: colors.dim },
    { title: "started", paint: colors.dim },
    { title: "took", align: "right" as const, paint: colors.dim },
  ];
  const hidden = runs.length - shown.length;
  return [
    ...tableLines(columns, rows, width, colors.dim),
    ...(hidden > 0 ? [colors.dim(`… ${hidden} older ones: fanout runs --format json`)] : []),
  ];
}

function paintRun(run: RunRecord | undefined, colors: Colors): (text: string) => string {
  return run?.stopped ? colors.yellow : paintOf(run?.state ?? "queued", colors);
}

/** `fanout show RUN`; `failures` has one instance of each task that failed, whose code may have been another one. */
export function runLines(
  run: RecordedRun,
  failures: readonly InstanceDetails[],
  view: ErrorView,
  viewOf: (failure: InstanceDetails) => ErrorView = () => view,
): string[] {
  const { colors } = view;
  const shown = run.tasks.map((task) => ({ ...task, ...shownTask(task) }));
  const tasks = shown.map((task) => [
    `${glyph(task.state)} ${taskLabel(task)}`,
    statesText(task, uncoloured),
    tookOf(task),
  ]);
  const paint = (cell: string, row: number): string => paintOf(shown[row]?.state ?? "none", colors)(cell);
  const columns = [
    { title: "task", paint, shrink: 0.5 },
    { title: "instances", paint },
    { title: "took", align: "right" as const, paint: colors.dim },
  ];
  return [
    `${colors.bold(run.dag_id)} ${colors.dim(run.run_id)}`,
    `  state         ${paintRun(run, colors)(run.state + (run.stopped === null ? "" : ` (${run.stopped})`))}`,
    `  file          ${pathText(run.file, view.cwd)}`,
    `  logical date  ${run.logical_date}`,
    ...intervalLines(run),
    ...codeLines(run),
    `  started       ${run.start}`,
    `  took          ${tookText(run.start, run.end)}`,
    "",
    ...tableLines(columns, tasks, TASKS_WIDTH, colors.dim),
    ...failures.flatMap((instance) => failureLines(instance, viewOf(instance))),
    ...runErrorLines(run.error, failures.length > 0, view),
  ];
}

/** A run that stands for a moment has no interval to show. */
function intervalLines({ data_interval_start, data_interval_end }: RecordedRun): string[] {
  if (data_interval_start === data_interval_end) return [];
  return [`  interval      ${data_interval_start} – ${data_interval_end}`];
}

/** Only where it is another one than at the beginning. */
function codeLines({ code_versions }: RecordedRun): string[] {
  const last = code_versions.at(-1);
  if (code_versions.length < 2 || last === undefined) return [];
  const changes = plural(code_versions.length - 1, "change");
  return [`  code          ${changes} since it started, the last one at ${last.at}`];
}

function failureLines({ task_id, map_index, name, error }: InstanceDetails, view: ErrorView): string[] {
  if (error === null) return [];
  return ["", ...errorLines(error, view, outcomeTitle(instanceLabel(task_id, map_index, name), error))];
}

/** `fanout show RUN TASK`, where it means one instance. */
export function instanceLines(instance: InstanceDetails, view: ErrorView): string[] {
  const { colors } = view;
  const state = shownState(instance);
  const marked = instance.marked === true ? " (marked by hand)" : "";
  const took = instance.duration_ms === null ? "" : durationText(instance.duration_ms);
  return [
    `${colors.bold(instanceLabel(instance.task_id, instance.map_index))} ${colors.dim(instance.run_id)}`,
    ...(instance.name === null ? [] : [`  name     ${oneLine(instance.name)}`]),
    `  state    ${paintOf(state, colors)(state)}${marked}`,
    `  try      ${instance.try_number}`,
    ...(instance.start === null ? [] : [`  started  ${instance.start}`]),
    ...(took === "" ? [] : [`  took     ${took}`]),
    ...triesLines(instance, colors),
    ...section("inputs", instance.rendered, "--format json", colors),
    ...section("result", instance.xcom, `'fanout xcom ${addressOf(instance)}'`, colors),
    ...keyLines(instance.xcom_keys, colors),
    ...(instance.error === null ? [] : ["", ...errorLines(instance.error, view)]),
  ];
}

/** What was pushed is named; `fanout xcom --key` has the values. */
function keyLines(keys: readonly string[], colors: Colors): string[] {
  return keys.length === 0 ? [] : [`  pushed   ${keys.map((key) => colors.cyan(oneLine(key))).join(", ")}`];
}

function addressOf({ run_id, task_id, map_index }: InstanceDetails): string {
  return `${run_id} ${task_id}${map_index === UNMAPPED_INDEX ? "" : ` --map-index ${String(map_index)}`}`;
}

/** The whole value where it is short to read, else the beginning of each entry, and what prints all of it. */
function section(title: string, value: unknown, whole: string, colors: Colors): string[] {
  if (value === null || value === undefined) return [];
  const text = JSON.stringify(value, null, 2);
  const lines = text.length <= MOST_VALUE_LENGTH ? text.split("\n") : [];
  if (lines.length > 0 && lines.length <= MOST_VALUE_LINES)
    return [`  ${title}`, ...lines.map((line) => `    ${colors.cyan(logLine(line))}`)];
  return [`  ${title} ${colors.dim(`(shortened; ${whole} has all of it)`)}`, ...shortened(value, colors)];
}

function shortened(value: unknown, colors: Colors): string[] {
  const isDict = typeof value === "object" && value !== null && !Array.isArray(value);
  const lines = isDict
    ? Object.entries(value)
        .slice(0, MOST_VALUE_LINES)
        .map(([key, entry]) => entryText(key, entry, VALUE_WIDTH))
    : [valueText(value, VALUE_WIDTH)];
  return lines.map((line) => `    ${colors.cyan(logLine(line))}`);
}

function tookText(start: string, end: string | null): string {
  return end === null ? "" : durationText(Date.parse(end) - Date.parse(start));
}

function shortDate(iso: string): string {
  return iso.slice(0, 19).replace("T", " ");
}
