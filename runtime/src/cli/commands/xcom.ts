import type { CliCommand } from "../command.js";
import { writeJson, type Cli, type ExitCode } from "../cli.js";
import { historyHere, indexOf, runIdOf, taskOf } from "../historyAccess.js";
import { formatOption, mapIndexOption } from "../options.js";

interface XcomFlags {
  readonly mapIndex?: string;
  readonly key?: string;
  readonly format: "text" | "json";
}

export const xcomCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("xcom")
      .description("print what a task returned; the list of all instances' values for a mapped task")
      .argument("<run>", "the run's id, or 'latest'")
      .argument("<task>", "the task's id")
      .addOption(mapIndexOption())
      .option("--key <key>", "what was pushed under this key, instead of what was returned")
      .addOption(formatOption())
      .action((run: string, task: string, flags: XcomFlags) => finish(xcom(run, task, flags, cli)));
  },
};

function xcom(run: string, task_id: string, flags: XcomFlags, cli: Cli): ExitCode {
  const { home, history } = historyHere(cli);
  const run_id = runIdOf(history, home, run);
  const index = indexOf(taskOf(history.show(run_id), task_id), flags.mapIndex);
  const value = history.xcom(run_id, task_id, index, flags.key);
  if (flags.format === "text" && typeof value === "string") cli.out.write(`${value}\n`);
  else writeJson(cli.out, value);
  return 0;
}
