import type { CliCommand } from "../command.js";
import { writeJson, writeLines, type Cli, type ExitCode, type Output } from "../cli.js";
import { collectInstance } from "../collect.js";
import { historyHere, indexOf, runIdOf, taskOf } from "../historyAccess.js";
import { count, formatOption } from "../options.js";
import { logLines } from "../views/logText.js";
import type { ReportedInstance } from "../views/reportedInstance.js";
import { logLine } from "../views/text.js";

interface LogsFlags {
  readonly mapIndex?: number;
  readonly format: "text" | "json";
}

export const logsCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("logs")
      .description("print what a task wrote; all instances of a mapped task, each line with its instance")
      .argument("<run>", "the run's id, or 'latest'")
      .argument("<task>", "the task's id")
      .option("--map-index <n>", "one instance of a mapped task", count)
      .addOption(formatOption())
      .action((run: string, task: string, flags: LogsFlags) => finish(logs(run, task, flags, cli)));
  },
};

function logs(run: string, task_id: string, flags: LogsFlags, cli: Cli): ExitCode {
  const { home, history } = historyHere(cli);
  const details = history.show(runIdOf(history, home, run));
  const task = taskOf(details, task_id);
  const index = indexOf(task, flags.mapIndex);
  const indexes = index === undefined ? task.instances.map((instance) => instance.map_index) : [index];
  const instances = indexes.map((each) => collectInstance(history, details.run_id, task_id, each, { log: "all" }));
  if (flags.format === "json") writeJson(cli.out, instances.map(asJson));
  else if (index === undefined) writeLines(cli.out, logLines(task_id, true, instances, cli.out.colors));
  else writeLines(cli.out, plainLog(instances, cli.out));
  return 0;
}

function asJson({ details, log }: ReportedInstance): object {
  return { map_index: details.map_index, try_number: details.try_number, lines: log };
}

/** A file gets the log as it is; a terminal must not be moved about by it. */
function plainLog(instances: readonly ReportedInstance[], output: Output): readonly string[] {
  const lines = instances.flatMap(({ log }) => log);
  return output.isTTY ? lines.map(logLine) : lines;
}
