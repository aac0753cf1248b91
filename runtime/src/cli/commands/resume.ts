import type { CliCommand } from "../command.js";
import { type GoOnFlags, goOn } from "../goOn.js";
import { historyHere, runIdOf } from "../historyAccess.js";
import { goOnOptions } from "../options.js";

export const resumeCommand: CliCommand = {
  define: (program, cli, finish) => {
    const command = program
      .command("resume")
      .description("go on with a run that was lost or cancelled: what has ended stays")
      .argument("<run>", "the run's id, or 'latest'");
    goOnOptions(command).action((run: string, flags: GoOnFlags) => {
      const { home, history } = historyHere(cli);
      const run_id = runIdOf(history, home, run);
      history.close();
      return finish(goOn(home, run_id, flags, cli));
    });
  },
};
