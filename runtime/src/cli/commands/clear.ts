import type { CliCommand } from "../command.js";
import { type GoOnFlags, act } from "../goOn.js";
import { goOnOptions, mapIndexOption } from "../options.js";

interface ClearFlags extends GoOnFlags {
  readonly mapIndex?: string;
  readonly downstream?: true;
  readonly onlyFailed?: true;
  readonly yes?: true;
}

export const clearCommand: CliCommand = {
  define: (program, cli, finish) => {
    const command = program
      .command("clear")
      .description("run once more what a run has done: all of it, a task, or one instance; earlier tries stay")
      .argument("<run>", "the run's id, or 'latest'")
      .argument("[task]", "the task's id")
      .addOption(mapIndexOption())
      .option("--downstream", "and everything behind it; in a mapped group only what has the same index")
      .option("--only-failed", "of that only what failed, or did not run because something had")
      .option("--yes", "do not ask");
    goOnOptions(command).action((run: string, task: string | undefined, flags: ClearFlags) => {
      const { mapIndex, downstream = false, onlyFailed: only_failed = false } = flags;
      const selection = {
        ...{ downstream, only_failed },
        ...(task !== undefined && { task_id: task }),
        ...(mapIndex !== undefined && { map_index: mapIndex }),
      };
      return finish(act(run, { name: "clear", selection }, flags, cli));
    });
  },
};
