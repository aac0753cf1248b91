import type { Colors } from "./colors.js";
import { durationText } from "#core/durationText.js";
import { isFinished, type StateCounts } from "#core/model/run.js";
import { countsText, finishedCount, glyph, paintOf, presentStates, taskLabel, total } from "./states.js";
import { fit, padEnd, padStart, widthOf } from "./text.js";
import type { TrackedRun, TrackedTask } from "./runTracker.js";

export interface LiveOptions {
  readonly colors: Colors;
  readonly width: number;
  readonly height: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Said under the tasks, e.g. that the run is being cancelled. */
  readonly notice?: string;
}

const SPINNER = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const;
const SPINNER_MS = 80;
const BAR = 16;
const MOST_LABEL = 40;

/** What the terminal shows while a run is under way: one line a task, never more lines than the terminal has. */
export function liveLines(run: TrackedRun, options: LiveOptions): string[] {
  const { colors, width, now } = options;
  const finished = run.tasks.filter((task) => task.finished).length;
  const progress = `${finished}/${run.tasks.length} tasks`;
  const elapsed = durationText((run.end ?? now) - run.start);
  const shown = chosenTasks(run.tasks, options.height - 4);
  const label = Math.min(MOST_LABEL, Math.max(...shown.map((task) => widthOf(taskLabel(task))), 8));
  const hidden = run.tasks.length - shown.length;
  return [
    fitted(`${colors.bold(run.dag_id)} ${colors.dim(`${run.run_id} · ${progress} · ${elapsed}`)}`, width, colors),
    ...shown.map((task) => fitted(`  ${taskLine(task, label, options)}`, width, colors)),
    ...(hidden > 0 ? [colors.dim(`  … ${hidden} more tasks`)] : []),
    ...(options.notice === undefined ? [] : [fitted(colors.yellow(options.notice), width, colors)]),
  ];
}

/** All tasks in their order; where they do not fit, those under way before those to come, before those done. */
function chosenTasks(tasks: readonly TrackedTask[], room: number): readonly TrackedTask[] {
  const most = Math.max(3, room);
  if (tasks.length <= most) return tasks;
  const ranked = [...tasks].sort((one, other) => interest(other) - interest(one)).slice(0, most);
  const chosen = new Set(ranked);
  return tasks.filter((task) => chosen.has(task));
}

function interest(task: TrackedTask): number {
  if (task.state === "failed") return 3;
  if (!task.finished && task.start !== undefined) return 2;
  return task.finished ? 0 : 1;
}

function taskLine(task: TrackedTask, label: number, { colors, now }: LiveOptions): string {
  const active = task.start !== undefined && !task.finished;
  const paint = active && task.state !== "failed" ? colors.cyan : paintOf(task.state, colors);
  const sign = active ? (SPINNER[Math.floor(now / SPINNER_MS) % SPINNER.length] ?? "") : glyph(task.state);
  const name = padEnd(fit(taskLabel(task), label), label);
  const elapsed = task.start === undefined ? "" : durationText((task.end ?? now) - task.start);
  const parts = [paint(sign), name, task.mapped ? mappedProgress(task, colors) : unmappedProgress(task, colors)];
  return `${parts.join(" ")}  ${colors.dim(padStart(elapsed, 7))}  ${task.mapped ? countsText(task.counts, colors) : ""}`.trimEnd();
}

function unmappedProgress(task: TrackedTask, colors: Colors): string {
  const text = task.state === "none" ? "" : task.state;
  return paintOf(task.state, colors)(padEnd(text, BAR + 10));
}

function mappedProgress(task: TrackedTask, colors: Colors): string {
  if (task.count === null) return padEnd("", BAR + 10);
  const done = `${finishedCount(task.counts)}/${task.count}`;
  return `${bar(task.counts, task.count, colors)} ${padEnd(done, 9)}`;
}

/** Finished instances in the colours of their states, then the running ones, then what is to come. */
function bar(counts: StateCounts, count: number, colors: Colors): string {
  const all = Math.max(count, total(counts), 1);
  const states = [...presentStates(counts)].sort((one, other) => Number(isFinished(other)) - Number(isFinished(one)));
  let filled = 0;
  let sum = 0;
  let text = "";
  for (const state of states.filter((each) => isFinished(each) || each === "running")) {
    sum += counts[state] ?? 0;
    const end = Math.round((sum / all) * BAR);
    text += paintOf(state, colors)((isFinished(state) ? "█" : "▒").repeat(Math.max(0, end - filled)));
    filled = Math.max(filled, end);
  }
  return text + colors.dim("░".repeat(BAR - filled));
}

/** A coloured line can only be cut by taking the colours out, which a narrow terminal has to bear. */
function fitted(line: string, width: number, colors: Colors): string {
  if (widthOf(line) <= width) return line;
  return colors.reset(fit(stripped(line), width));
}

function stripped(line: string): string {
  return line.replace(/\u001b\[[\d;]*m/g, "");
}
