import { Option } from "commander";
import { FanoutError } from "../../errors.js";
import { startRun, type RunHandle, type RunOptions } from "../../engine/startRun.js";
import { findHome, openHistory } from "../../store/history.js";
import { collectInstances } from "../collect.js";
import type { Cli, ExitCode } from "../cli.js";
import { writeLines } from "../cli.js";
import type { CliCommand } from "../command.js";
import { count, isoDate, jsonObject, positiveCount } from "../options.js";
import { ndjsonView, textView, type RunView } from "../runView.js";
import { readSource } from "../sources.js";
import { pathText } from "../views/errorText.js";
import { startText } from "../views/plainLines.js";
import { reportLines } from "../views/runReport.js";
import { RunTracker } from "../views/runTracker.js";

interface RunFlags {
  readonly dagId?: string;
  readonly logicalDate?: Date;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly task?: string;
  readonly mapIndex?: number;
  readonly parallelism?: number;
  readonly format: "text" | "ndjson";
  readonly logs?: true;
}

/** Instances of each mapped task that the table after a run shows. */
const MOST_INSTANCES = 20;

export const runCommand: CliCommand = {
  name: "run",
  define: (program, cli, finish) => {
    program
      .command("run")
      .description("run a DAG once, and show every task and every mapped instance")
      .argument("<file>", "the DAG file")
      .option("--dag-id <id>", "which DAG, where the file has several")
      .option("--logical-date <iso>", "the date that the run is for; now where left out", isoDate)
      .option("--params <json>", "the run's params, as a JSON object", jsonObject)
      .option("--task <id>", "run only this task (not built yet)")
      .option("--map-index <n>", "run only this instance of the task (not built yet)", count)
      .option("--parallelism <n>", "worker processes; one per core where left out", positiveCount)
      .option("--logs", "also print what every instance wrote, each line with its instance")
      .addOption(
        new Option("--format <format>", "text for people, or one event a line")
          .choices(["text", "ndjson"])
          .default("text"),
      )
      .action((file: string, flags: RunFlags) => finish(run(file, flags, cli)));
  },
};

async function run(file: string, flags: RunFlags, cli: Cli): Promise<ExitCode> {
  if (flags.mapIndex !== undefined && flags.task === undefined) {
    throw new FanoutError("invalid-option", "'--map-index' needs '--task'.");
  }
  const tracker = new RunTracker();
  const view = flags.format === "ndjson" ? ndjsonView(cli) : textView(cli, tracker);
  let handle: RunHandle | undefined;
  const stopListening = cli.onInterrupt((times) => {
    interrupt(times, handle, view, cli);
  });
  try {
    handle = await startRun(optionsOf(file, flags, view));
    const result = await handle.done;
    view.close();
    if (flags.format === "text") report(handle, tracker, flags.logs === true, cli);
    return result.state === "success" ? 0 : 1;
  } finally {
    stopListening();
    view.close();
  }
}

function optionsOf(file: string, flags: RunFlags, view: RunView): RunOptions {
  return {
    file,
    ...(flags.dagId !== undefined && { dag_id: flags.dagId }),
    ...(flags.logicalDate && { logical_date: flags.logicalDate }),
    ...(flags.params && { params: flags.params }),
    ...(flags.task !== undefined && { task: flags.task }),
    ...(flags.mapIndex !== undefined && { map_index: flags.mapIndex }),
    ...(flags.parallelism !== undefined && { parallelism: flags.parallelism }),
    onEvent: view.event,
  };
}

/** Before the run exists nothing has been written, so there is nothing to end cleanly. */
function interrupt(times: number, handle: RunHandle | undefined, view: RunView, cli: Cli): void {
  if (handle !== undefined && times === 1) {
    handle.cancel();
    view.notice("Cancelling: running instances are being ended. Press Ctrl-C again to stop at once.");
    return;
  }
  view.close();
  cli.err.write("Stopped.\n");
  cli.forceExit(130);
}

function report(handle: RunHandle, tracker: RunTracker, showLogs: boolean, cli: Cli): void {
  const { run: ended } = tracker;
  if (ended === undefined) return;
  const instances = collectInstances(openHistory(handle.home), ended, {
    ...(showLogs ? {} : { most: MOST_INSTANCES }),
    log: showLogs ? "all" : "last",
  });
  const { colors } = cli.out;
  const lines = reportLines(
    { run: ended, instances, showLogs, command: commandFor(handle.home, cli) },
    { cwd: cli.cwd, colors, readSource, width: cli.out.columns() },
  );
  // The live view is gone by now, with the run's name in it; plain lines still stand above.
  writeLines(cli.out, [cli.out.isTTY ? startText(ended, colors) : "", ...lines]);
}

/** History commands look up from the folder they are started in; where that is another one, the hint says so. */
function commandFor(home: string, cli: Cli): string {
  if (findHome(cli.cwd) === home) return "fanout";
  return `FANOUT_HOME=${shellWord(pathText(home, cli.cwd))} fanout`;
}

function shellWord(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
