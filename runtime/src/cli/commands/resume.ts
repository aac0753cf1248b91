import type { RunHandle } from "../../engine/startRun.js";
import { resumeRun } from "../../engine/resumeRun.js";
import type { Cli, ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { historyHere, runIdOf } from "../historyAccess.js";
import { choiceOption, positiveCount } from "../options.js";
import { openScreen } from "../runScreen.js";
import { watchInterrupts } from "../watchInterrupts.js";

interface ResumeFlags {
  readonly parallelism?: number;
  readonly format: "text" | "ndjson";
  readonly logs?: true;
}

export const resumeCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("resume")
      .description("go on with a run that was lost or cancelled: what has ended stays")
      .argument("<run>", "the run's id, or 'latest'")
      .option("--parallelism <n>", "worker processes; one per core where left out", positiveCount)
      .option("--logs", "also print what every instance wrote, each line with its instance")
      .addOption(choiceOption(["text", "ndjson"], "text for people, or one event a line"))
      .action((run: string, flags: ResumeFlags) => finish(resume(run, flags, cli)));
  },
};

async function resume(run: string, flags: ResumeFlags, cli: Cli): Promise<ExitCode> {
  const { home, history } = historyHere(cli);
  const run_id = runIdOf(history, home, run);
  history.close();
  const screen = openScreen(flags.format, cli);
  const interrupts = watchInterrupts(cli, screen);
  try {
    const handle: RunHandle = await resumeRun({
      ...{ home, run_id, onEvent: (event) => screen.event(event) },
      ...(flags.parallelism !== undefined && { parallelism: flags.parallelism }),
    });
    interrupts.handle = handle;
    const result = await handle.done;
    screen.close();
    screen.report(home, flags.logs === true);
    return result.state === "success" ? 0 : 1;
  } finally {
    interrupts.stop();
    screen.close();
  }
}
