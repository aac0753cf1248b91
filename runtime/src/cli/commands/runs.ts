import { existsSync } from "node:fs";
import { findHome, openHistory } from "../../store/history.js";
import type { CliCommand } from "../command.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import { formatOption } from "../options.js";
import { runsLines } from "../views/historyText.js";

interface RunsFlags {
  readonly dagId?: string;
  readonly format: "text" | "json";
}

export const runsCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("runs")
      .description("list the runs of this folder's history, newest first")
      .option("--dag-id <id>", "only runs of this DAG")
      .addOption(formatOption())
      .action((flags: RunsFlags) => finish(runs(flags, cli)));
  },
};

function runs(flags: RunsFlags, cli: Cli): ExitCode {
  const home = findHome(cli.cwd);
  const found = existsSync(home)
    ? openHistory(home).runs(flags.dagId === undefined ? {} : { dag_id: flags.dagId })
    : [];
  if (flags.format === "json") writeJson(cli.out, found);
  else writeLines(cli.out, runsLines(found, cli.out.columns(), cli.out.colors));
  return 0;
}
