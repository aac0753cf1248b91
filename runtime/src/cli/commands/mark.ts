import { Option } from "commander";
import { MARKS, type Mark } from "#core/model/runAction.js";
import type { CliCommand } from "../command.js";
import { type GoOnFlags, act } from "../goOn.js";
import { goOnOptions, mapIndexOption } from "../options.js";

interface MarkFlags extends GoOnFlags {
  readonly state: Mark;
  readonly mapIndex?: string;
  readonly yes?: true;
}

export const markCommand: CliCommand = {
  define: (program, cli, finish) => {
    const command = program
      .command("mark")
      .description("let a task, or one instance of it, count as ended, whatever it did")
      .argument("<run>", "the run's id, or 'latest'")
      .argument("<task>", "the task's id")
      .addOption(new Option("--state <state>", "what it counts as").choices(MARKS).makeOptionMandatory())
      .addOption(mapIndexOption())
      .option("--yes", "do not ask");
    goOnOptions(command).action((run: string, task_id: string, flags: MarkFlags) => {
      const { mapIndex, state } = flags;
      const selection = { task_id, ...(mapIndex !== undefined && { map_index: mapIndex }) };
      return finish(act(run, { name: "mark", state, selection }, flags, cli));
    });
  },
};
