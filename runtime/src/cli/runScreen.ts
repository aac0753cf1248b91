import type { RecordedRun } from "#core/model/run.js";
import { findHome, type History, openHistory } from "../store/history.js";
import { writeLines, type Cli } from "./cli.js";
import { collectInstances } from "./collect.js";
import { ndjsonView, textView, type RunView } from "./runView.js";
import { sourceOf } from "./sources.js";
import { pathText } from "./views/errorText.js";
import { shellWord } from "./views/shellWord.js";
import { startText } from "./views/plainLines.js";
import { reportLines } from "./views/runReport.js";
import { timeOf } from "./views/taskTime.js";
import { RunTracker, type TrackedRun } from "./views/runTracker.js";

/** All that is shown of a run. */
export interface RunScreen extends RunView {
  /** Once the run has ended: everything that became of it, for people; nothing for programs. */
  readonly report: (home: string, showLogs: boolean) => void;
}

interface ReportOptions {
  readonly showLogs: boolean;
  /** It was a run of the history. */
  readonly hasGoneOn: boolean;
}

/** Instances of each mapped task that the table after a run shows, and of all of them: nobody reads 20,000 lines. */
const MOST_INSTANCES = 20;
const MOST_ROWS = 400;
/** Instances of a run whose report takes the times of its tasks from the record. */
const MOST_TIMED = 1000;

/** `earlier`: the record of a run that goes on. */
export function openScreen(format: "text" | "ndjson", cli: Cli, earlier?: () => RecordedRun): RunScreen {
  if (format === "ndjson") return { ...ndjsonView(cli), report: () => undefined };
  const tracker = new RunTracker(earlier?.());
  return {
    ...textView(cli, tracker),
    report: (home, showLogs) => {
      report(home, tracker, cli, { showLogs, hasGoneOn: earlier !== undefined });
    },
  };
}

function report(home: string, tracker: RunTracker, cli: Cli, { showLogs, hasGoneOn }: ReportOptions): void {
  const { run: ended } = tracker;
  if (ended === undefined) return;
  const history = openHistory(home);
  const instances = collectInstances(history, ended, {
    ...(showLogs ? {} : { most: mostInstances(ended) }),
    log: showLogs ? "all" : "last",
  });
  const { colors } = cli.out;
  const name = hasGoneOn ? nameOf(ended, history) : {};
  const lines = reportLines(
    { run: withTimes(ended, history), instances, showLogs, command: commandFor(home, cli), ...name },
    { cwd: cli.cwd, colors, readSource: sourceOf(ended.start), width: cli.out.columns() },
  );
  // The live view is gone by now, with the run's name in it; plain lines still stand above.
  writeLines(cli.out, [cli.out.isTTY ? startText(ended, colors) : "", ...lines]);
}

/** The newest run may be another one than that which has gone on. To look takes as long as a tenth of a small run. */
function nameOf({ run_id }: TrackedRun, history: History): { runName?: string } {
  return history.runs({ limit: 1 })[0]?.run_id === run_id ? {} : { runName: run_id };
}

/**
 * Those of the record, so that the report says what `fanout show` does: events come a little after what they tell of. Of
 * many instances that is a hundredth of their time, and reading all of them would take a third of it.
 */
function withTimes(run: TrackedRun, history: History): TrackedRun {
  if (run.tasks.reduce((sum, { count }) => sum + (count ?? 0), 0) > MOST_TIMED) return run;
  const times = new Map(history.show(run.run_id).tasks.map((task) => [task.task_id, timeOf(task)]));
  return { ...run, tasks: run.tasks.map((task) => ({ ...task, ...times.get(task.task_id) })) };
}

function mostInstances({ tasks }: TrackedRun): number {
  const mapped = tasks.filter((task) => task.mapped).length;
  return Math.min(MOST_INSTANCES, Math.floor(MOST_ROWS / Math.max(1, mapped)));
}

/** History commands look up from the folder they are started in; where that is another one, the hint says so. */
export function commandFor(home: string, cli: Cli): string {
  if (findHome(cli.cwd) === home) return "fanout";
  return `FANOUT_HOME=${shellWord(pathText(home, cli.cwd))} fanout`;
}
