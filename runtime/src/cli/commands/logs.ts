import type { CliCommand } from "../command.js";
import { writeJson, writeLines, type Cli, type ExitCode, type Output } from "../cli.js";
import { type CollectOptions, collectInstance } from "../collect.js";
import { historyHere, indexOf, runIdOf, taskOf } from "../historyAccess.js";
import { formatOption, mapIndexOption, positiveCount } from "../options.js";
import { logLines, splitLog } from "../views/logText.js";
import { FanoutError } from "../../errors.js";
import type { History } from "../../store/history.js";
import type { ReportedInstance } from "../views/reportedInstance.js";
import { instanceLabel } from "../views/states.js";
import { logLine } from "../views/text.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";

interface LogsFlags {
  readonly mapIndex?: string;
  readonly try?: number;
  readonly format: "text" | "json";
}

export const logsCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("logs")
      .description(
        "print what a task wrote, all its instances where it is mapped; without a task, what callbacks of the DAG did",
      )
      .argument("<run>", "the run's id, or 'latest'")
      .argument("[task]", "the task's id")
      .addOption(mapIndexOption())
      .option("--try <n>", "what an earlier try wrote; the newest one where left out", positiveCount)
      .addOption(formatOption())
      .action((run: string, task: string | undefined, flags: LogsFlags) => finish(logs(run, task, flags, cli)));
  },
};

function logs(run: string, task_id: string | undefined, flags: LogsFlags, cli: Cli): ExitCode {
  const { home, history } = historyHere(cli);
  const details = history.show(runIdOf(history, home, run));
  if (task_id === undefined) return dagLog(history, details.run_id, flags, cli);
  const task = taskOf(details, task_id);
  const index = indexOf(task, flags.mapIndex);
  const indexes = index === undefined ? task.instances.map((instance) => instance.map_index) : [index];
  const instances = triedBy(
    task_id,
    indexes.map((each) => collectInstance(history, details.run_id, task_id, each, optionsOf(flags))),
    flags.try,
  );
  if (flags.format === "json")
    writeJson(
      cli.out,
      instances.map((each) => asJson(each, flags.try)),
    );
  else if (index === undefined) writeLines(cli.out, logLines(task_id, true, instances, cli.out.colors));
  else writeLines(cli.out, plainLog(instances, cli.out));
  return 0;
}

/** What the DAG's own callbacks wrote, which belongs to no task. */
function dagLog(history: History, run_id: string, { mapIndex, try: tried, format }: LogsFlags, cli: Cli): ExitCode {
  if (mapIndex !== undefined || tried !== undefined) {
    throw new FanoutError("unknown-map-index", "Without a task there are no instances.", { advice: "Name the task." });
  }
  const lines = splitLog(history.dagLog(run_id));
  if (format === "json") writeJson(cli.out, lines);
  else writeLines(cli.out, cli.out.isTTY ? lines.map(logLine) : lines);
  return 0;
}

function optionsOf({ try: try_number }: LogsFlags): CollectOptions {
  return { log: "all", ...(try_number !== undefined && { try_number }) };
}

/** Of several instances those that have had the try. */
function triedBy(
  task_id: string,
  instances: readonly ReportedInstance[],
  try_number: number | undefined,
): readonly ReportedInstance[] {
  if (try_number === undefined) return instances;
  const tried = instances.filter(({ details }) => details.tries.some((one) => one.try_number === try_number));
  if (tried.length > 0) return tried;
  const most = instances.reduce((last, { details }) => Math.max(last, details.tries.at(-1)?.try_number ?? 0), 0);
  const [only, ...others] = instances;
  const what =
    only === undefined || others.length > 0 || only.details.map_index === UNMAPPED_INDEX
      ? `Task '${task_id}'`
      : `Instance '${instanceLabel(task_id, only.details.map_index)}'`;
  throw new FanoutError("unknown-try", `${what} has no try ${String(try_number)}.`, {
    advice: most === 0 ? "It has not run yet." : `The last one is try ${String(most)}.`,
  });
}

function asJson({ details, log }: ReportedInstance, try_number: number = details.try_number): object {
  return { map_index: details.map_index, try_number, lines: log };
}

/** A file gets the log as it is; a terminal must not be moved about by it. */
function plainLog(instances: readonly ReportedInstance[], output: Output): readonly string[] {
  const lines = instances.flatMap(({ log }) => log);
  return output.isTTY ? lines.map(logLine) : lines;
}
