import path from "node:path";
import { FanoutError } from "../../errors.js";
import { askOwner } from "../../store/owner.js";
import { runsFolder } from "../../store/runFolder.js";
import { writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { historyHere, runIdOf } from "../historyAccess.js";

export const cancelCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("cancel")
      .description("stop a run that another process executes: what runs is ended, and the run fails")
      .argument("<run>", "the run's id, or 'latest'")
      .action((run: string) => finish(cancel(run, cli)));
  },
};

async function cancel(run: string, cli: Cli): Promise<ExitCode> {
  const { home, history } = historyHere(cli);
  const run_id = runIdOf(history, home, run);
  // Tells where there is no such run.
  history.model(run_id);
  history.close();
  if (await askOwner(path.join(runsFolder(home), run_id), { type: "cancel" })) {
    writeLines(cli.out, [`Run '${run_id}' is being cancelled.`]);
    return 0;
  }
  throw new FanoutError("run-not-live", `Run '${run_id}' is not under way, so there is nothing to cancel.`, {
    advice: `'fanout show ${run_id}' tells how it ended.`,
  });
}
