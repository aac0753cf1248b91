import { existsSync } from "node:fs";
import type { Command } from "commander";
import { findHome, openHistory } from "../../store/history.js";
import type { CliCommand } from "../command.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import { count, formatOption } from "../options.js";
import type { PruneFlags } from "../pruneRuns.js";
import { runsLines } from "../views/historyText.js";

interface RunsFlags {
  readonly dagId?: string;
  readonly format: "text" | "json";
}

export const runsCommand: CliCommand = {
  define: (program, cli, finish) => {
    const all = program.command("runs");
    all
      .description("list the runs of this folder's history, newest first")
      .option("--dag-id <id>", "only runs of this DAG")
      .addOption(formatOption())
      .action((flags: RunsFlags) => finish(runs(flags, cli)));
    all
      .command("prune")
      .description("remove all but the newest runs of every DAG, with their logs and results")
      .requiredOption("--keep <n>", "how many runs of a DAG stay", count)
      .option("--dag-id <id>", "only runs of this DAG")
      .option("--yes", "do not ask")
      .addOption(formatOption())
      .action(async (_: unknown, command: Command) => {
        const { prune } = await import("../pruneRuns.js");
        // Flags that 'runs' has as well end up there.
        await finish(prune(command.optsWithGlobals<PruneFlags>(), cli));
      });
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
