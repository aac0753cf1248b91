import type { CheckAnswer } from "#core/protocol/batch.js";
import { checkPaths, existingPaths } from "../batch.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { count, formatOption } from "../options.js";
import { readSource } from "../sources.js";
import { checkLines, warningCount } from "../views/checkText.js";

interface CheckFlags {
  readonly maxWarnings?: number;
  readonly format: "text" | "json";
}

export const checkCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("check")
      .description("find mistakes in DAG files by reading them; exit code 1 where there are errors")
      .argument("[paths...]", "files and folders; the current folder where left out")
      .option("--max-warnings <n>", "exit with 1 where there are more warnings than that", count)
      .addOption(formatOption())
      .action((paths: string[], flags: CheckFlags) => finish(check(paths, flags, cli)));
  },
};

async function check(paths: readonly string[], flags: CheckFlags, cli: Cli): Promise<ExitCode> {
  const answer = await checkPaths(cli, existingPaths(cli, paths));
  if (flags.format === "json") writeJson(cli.out, answer.problems);
  else writeLines(cli.out, checkLines(answer, { cwd: cli.cwd, colors: cli.out.colors, readSource }, flags.maxWarnings));
  return passes(answer, flags.maxWarnings) ? 0 : 1;
}

function passes(answer: CheckAnswer, maxWarnings = Infinity): boolean {
  return !answer.problems.some((problem) => problem.severity === "error") && warningCount(answer) <= maxWarnings;
}
