import type { Colors } from "./colors.js";
import { durationText } from "#core/durationText.js";
import type { InstanceState, RunError } from "#core/model/run.js";
import { type ShownState, toldApart } from "#core/model/shownState.js";
import { errorLines, outcomeTitle, runErrorLines, type ErrorView } from "./errorText.js";
import { instanceTable, mappedInputs } from "./instanceTable.js";
import { logLines } from "./logText.js";
import type { ReportedInstance } from "./reportedInstance.js";
import type { Failure, TrackedRun, TrackedTask } from "./runTracker.js";
import { glyph, instanceLabel, instancesText, paintOf, statesText, taskLabel } from "./states.js";
import { oneLine, padEnd, padStart, plural, widthOf } from "./text.js";
import { valueText } from "./valueText.js";

export interface RunReport {
  readonly run: TrackedRun;
  /** By task id; for a large mapped task only the instances that are shown. */
  readonly instances: ReadonlyMap<string, readonly ReportedInstance[]>;
  readonly showLogs: boolean;
  /** `fanout`, or how the person gets to this history from where they are. */
  readonly command: string;
  /** Its id where `latest` means another one. */
  readonly runName?: string;
}

export interface ReportView extends ErrorView {
  readonly width: number;
}

/** Different failures shown in full for each task. */
const MOST_FAILURES = 3;
const LEAST_RESULT = 24;

/** What is said when a run has ended: every task with its instances, the failures, the outcome and what to do next. */
export function reportLines(report: RunReport, view: ReportView): string[] {
  const { run } = report;
  const label = Math.max(...run.tasks.map((task) => widthOf(taskLabel(task))), 8);
  const tasks = run.tasks.flatMap((task) => taskBlock(task, report, label, view));
  const failures = run.tasks.flatMap((task) => failureBlocks(task, view));
  return [
    ...tasks,
    ...failures,
    ...runErrorLines(run.error ?? null, failures.length > 0, view),
    "",
    outcomeLine(run, view.colors),
    ...nextCommands(report, view.colors),
  ];
}

function taskBlock(task: TrackedTask, report: RunReport, label: number, view: ReportView): string[] {
  const instances = report.instances.get(task.task_id) ?? [];
  const logs = report.showLogs ? logLines(task.task_id, task.mapped, instances, view.colors) : [];
  const head = taskLine(task, instances, report, label, view);
  if (!task.mapped || instances.length === 0) return [head, ...indent(logs)];
  const table = instanceTable(
    instances,
    mappedInputs(report.run.model, task.task_id),
    view.width - 4,
    view.colors,
    report.showLogs ? "without-log" : "with-log",
  );
  const hidden = (task.count ?? 0) - instances.length;
  const hint =
    hidden > 0
      ? [view.colors.dim(`… ${hidden} more: ${report.command} show ${report.run.run_id} ${task.task_id}`)]
      : [];
  return [head, ...indent(logs), ...indent([...table, ...hint])];
}

function taskLine(
  task: TrackedTask,
  instances: readonly ReportedInstance[],
  report: RunReport,
  label: number,
  view: ReportView,
): string {
  const { colors } = view;
  const { state, counts } = toldApart(task, { lost: 0, cancelled: task.cancelled });
  const paint = paintOf(state, colors);
  const took = task.start === undefined || task.end === undefined ? "" : durationText(task.end - task.start);
  const start = `${paint(glyph(state))} ${colors.bold(padEnd(taskLabel(task), label))}  ${colors.dim(padStart(took, 7))}`;
  if (task.mapped)
    return `${start}  ${task.count === 0 ? zeroText(task.state, colors) : statesText({ ...task, state, counts }, colors)}`;
  const room = Math.max(LEAST_RESULT, view.width - widthOf(start) - 6);
  return `${start}  ${unmappedText(state, instances[0], report, room, colors)}`.trimEnd();
}

function zeroText(state: InstanceState, colors: Colors): string {
  return paintOf(state, colors)(`${state} ${colors.dim("(nothing to map over)")}`);
}

/** Its result; where it returned nothing, the last thing it said. */
function unmappedText(
  state: ShownState,
  instance: ReportedInstance | undefined,
  report: RunReport,
  room: number,
  colors: Colors,
): string {
  if (state !== "success" || instance === undefined) return paintOf(state, colors)(state);
  const { xcom } = instance.details;
  if (xcom !== null && xcom !== undefined) return `${colors.dim("→")} ${valueText(xcom, room)}`;
  const last = instance.log.at(-1);
  return last === undefined || report.showLogs ? "" : colors.dim(`│ ${oneLine(last).slice(0, room)}`);
}

/** Failures of one task, those with the same cause once. */
function failureBlocks(task: TrackedTask, view: ReportView): string[] {
  const byCause = new Map<string, Failure[]>();
  for (const failure of inOrder(task.failures)) {
    const key = causeOf(failure.error);
    byCause.set(key, [...(byCause.get(key) ?? []), failure]);
  }
  const causes = [...byCause.values()];
  const blocks = causes.slice(0, MOST_FAILURES).flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const title = outcomeTitle(instanceLabel(task.task_id, first.map_index, first.name), first.error);
    const like = others.map((failure) => instanceLabel(task.task_id, failure.map_index, failure.name)).join(", ");
    return ["", ...errorLines(first.error, view, title), ...(like ? [view.colors.dim(`  also: ${like}`)] : [])];
  });
  const unseen = (task.counts.failed ?? 0) - causes.slice(0, MOST_FAILURES).flat().length;
  return unseen > 0 && blocks.length > 0
    ? [...blocks, view.colors.dim(`  and ${unseen} more of ${task.task_id}`)]
    : blocks;
}

/** They are told of as they happen, which is another order in every run. */
function inOrder(failures: readonly Failure[]): readonly Failure[] {
  return [...failures].sort((one, other) => one.map_index - other.map_index);
}

/** What fails in one place fails for one reason, even where the message names the value. */
function causeOf({ code, message, at }: RunError): string {
  return JSON.stringify(at === undefined ? [code, message] : [code, at.file, at.line, at.column]);
}

function outcomeLine(run: TrackedRun, colors: Colors): string {
  const took = durationText((run.end ?? run.start) - run.start);
  const instances = run.tasks.reduce((sum, task) => sum + (task.count ?? 0), 0);
  const outcome = run.cancelled ? colors.yellow("cancelled") : paintOf(run.state, colors)(run.state);
  const size = `${plural(run.tasks.length, "task")} · ${instancesText(instances)}`;
  return `${colors.bold(outcome)} ${colors.dim(`in ${took} · ${size} · ${run.run_id}`)}`;
}

/** The commands that most likely come next: to the first failure, else to the first mapped task. */
function nextCommands(report: RunReport, colors: Colors): string[] {
  const { tasks } = report.run;
  const failed = tasks.find((task) => task.failures.length > 0);
  const ran = (each: TrackedTask): boolean => each.start !== undefined;
  const task = failed ?? tasks.find((each) => each.mapped && ran(each)) ?? tasks.findLast(ran);
  if (task === undefined) return [];
  const named = task.mapped ? instanceToLookAt(task, report) : undefined;
  const what = `${report.runName ?? "latest"} ${task.task_id}${named === undefined ? "" : ` --map-index ${String(named)}`}`;
  const commands = [
    [`${report.command} show ${what}`, "its inputs, result and times"],
    [`${report.command} logs ${what}`, "everything it wrote"],
  ] as const;
  const width = Math.max(...commands.map(([command]) => command.length));
  return commands.map(([command, purpose]) => `  ${colors.cyan(padEnd(command, width))}  ${colors.dim(purpose)}`);
}

/** The first one that failed, else that ran; undefined where none of those that there are did. */
function instanceToLookAt({ task_id, failures }: TrackedTask, { instances }: RunReport): number | undefined {
  const ran = instances.get(task_id)?.find(({ details }) => details.start !== null);
  return inOrder(failures)[0]?.map_index ?? ran?.details.map_index;
}

function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `    ${line}`);
}
