import path from "node:path";
import type { CheckAnswer } from "#core/protocol/batch.js";
import { checkPaths, existingPaths } from "../batch.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { choiceOption, count } from "../options.js";
import { readSource } from "../sources.js";
import { versionOf } from "../version.js";
import { checkJunit } from "../views/checkJunit.js";
import { checkSarif } from "../views/checkSarif.js";
import { checkLines, fixedLines, warningCount } from "../views/checkText.js";
import { writeFixes } from "../writeFixes.js";

interface CheckFlags {
  readonly fix?: true;
  readonly exact?: true;
  readonly maxWarnings?: number;
  readonly format: "text" | "json" | "sarif" | "junit";
}

export const checkCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("check")
      .description("find mistakes in DAG files by reading them; exit code 1 where there are errors")
      .argument("[paths...]", "files and folders; the current folder where left out")
      .option("--fix", "apply every fix that leaves nothing to decide, then report what is left")
      .option("--exact", "also execute every file, in a process of its own, and tell what the engine refuses")
      .option("--max-warnings <n>", "exit with 1 where there are more warnings than that", count)
      .addOption(choiceOption(["text", "json", "sarif", "junit"], "text for people, the others for programs"))
      .action((paths: string[], flags: CheckFlags) => finish(check(paths, flags, cli)));
  },
};

async function check(paths: readonly string[], flags: CheckFlags, cli: Cli): Promise<ExitCode> {
  const read = await checkPaths(cli, existingPaths(cli, paths), flags.fix === true);
  writeFixes(read.fixed);
  // Programs read what is left, people what was done.
  const told = flags.format === "text" ? cli.out : cli.err;
  writeLines(told, fixedLines(read.fixed, { cwd: cli.cwd, colors: told.colors }));
  // Loaded only where it is asked for: most checks execute nothing.
  const answer = flags.exact ? await (await import("../exactCheck.js")).withExact(read, cli) : read;
  write(answer, flags, cli);
  return passes(answer, flags.maxWarnings) ? 0 : 1;
}

function write(answer: CheckAnswer, { format, maxWarnings }: CheckFlags, cli: Cli): void {
  const { cwd, out } = cli;
  switch (format) {
    case "text":
      writeLines(out, checkLines(answer, { cwd, colors: out.colors, readSource }, maxWarnings));
      return;
    case "json":
      writeJson(out, answer.problems);
      return;
    case "sarif":
      writeJson(
        out,
        checkSarif(answer, { cwd, version: versionOf(cli), documentOf: (rule) => ruleDocument(cli, rule) }),
      );
      return;
    case "junit":
      writeLines(out, [checkJunit(answer, cwd)]);
  }
}

function ruleDocument({ packageRoot }: Cli, rule: string): string | undefined {
  return readSource(path.join(packageRoot, "docs/rules", `${rule}.md`));
}

function passes(answer: CheckAnswer, maxWarnings = Infinity): boolean {
  return !answer.problems.some((problem) => problem.severity === "error") && warningCount(answer) <= maxWarnings;
}
