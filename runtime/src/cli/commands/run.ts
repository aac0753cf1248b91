import { FanoutError } from "../../errors.js";
import type { NamedIndex } from "../../engine/namedIndex.js";
import { startRun, type RunHandle, type RunOptions } from "../../engine/startRun.js";
import { instancesNamed } from "../../store/handles.js";
import { type Cli, type ExitCode, writeLines } from "../cli.js";
import type { CliCommand } from "../command.js";
import { choiceOption, instanceHandle, isoDate, jsonObject, positiveCount } from "../options.js";
import { oneLine } from "../views/text.js";
import { watchInterrupts } from "../watchInterrupts.js";

interface RunFlags {
  readonly dagId?: string;
  readonly logicalDate?: Date;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly task?: string;
  readonly mapIndex?: string;
  readonly parallelism?: number;
  readonly format: "text" | "ndjson";
  readonly logs?: true;
}

export const runCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("run")
      .description("run a DAG once, and show every task and every mapped instance")
      .argument("<file>", "the DAG file")
      .option("--dag-id <id>", "which DAG, where the file has several")
      .option("--logical-date <iso>", "the date that the run is for; now where left out", isoDate("--logical-date"))
      .option("--params <json>", "the run's params, as a JSON object", jsonObject)
      .option("--task <id>", "run only this task, and those before it")
      .option("--map-index <n>", "run only this instance of the task, by its index or the name it had", instanceHandle)
      .option("--parallelism <n>", "worker processes; one per core where left out", positiveCount)
      .option("--logs", "also print what every instance wrote, each line with its instance")
      .addOption(choiceOption(["text", "ndjson"], "text for people, or one event a line"))
      .action((file: string, flags: RunFlags) => finish(run(file, flags, cli)));
  },
};

async function run(file: string, flags: RunFlags, cli: Cli): Promise<ExitCode> {
  if (flags.mapIndex !== undefined && flags.task === undefined) {
    throw new FanoutError("invalid-option", "'--map-index' needs '--task'.");
  }
  const interrupts = watchInterrupts(cli);
  try {
    const handle = await startRun({
      ...optionsOf(file, flags),
      whileLoading: async () => {
        const { openScreen } = await import("../runScreen.js");
        interrupts.screen = openScreen(flags.format, cli);
      },
      onEvent: (event) => interrupts.screen?.event(event),
    });
    interrupts.handle = handle;
    if (handle.named) interrupts.screen?.notice(namedText(handle.named));
    const result = await handle.done;
    interrupts.screen?.close();
    const { tellAfterwards } = await import("../tellError.js");
    await tellAfterwards(cli, async () => {
      interrupts.screen?.report(handle.home, flags.logs === true);
      if (handle.named) writeLines(cli.err, await renamedLines(handle, handle.named, flags.task ?? ""));
    });
    return result.state === "success" ? 0 : 1;
  } finally {
    interrupts.stop();
    interrupts.screen?.close();
  }
}

function namedText({ name, map_index, run_id }: NamedIndex): string {
  return `'${name}' was instance ${String(map_index)} in ${run_id}: that one runs.`;
}

/** The list that is mapped over may have another order by now. */
async function renamedLines(
  { home, run_id }: RunHandle,
  { name, map_index }: NamedIndex,
  task_id: string,
): Promise<string[]> {
  const { openHistory } = await import("../../store/history.js");
  const history = openHistory(home);
  const task = history.show(run_id).tasks.find((one) => one.task_id === task_id);
  history.close();
  const now = task?.instances.find((one) => one.map_index === map_index)?.name ?? null;
  if (now === null || instancesNamed([{ map_index, name: now, state: "none" }], name).length > 0) return [];
  return [`Instance ${String(map_index)} is named '${oneLine(now)}' in this run, not '${name}'.`];
}

function optionsOf(file: string, flags: RunFlags): RunOptions {
  return {
    file,
    ...(flags.dagId !== undefined && { dag_id: flags.dagId }),
    ...(flags.logicalDate && { logical_date: flags.logicalDate }),
    ...(flags.params && { params: flags.params }),
    ...(flags.task !== undefined && { task: flags.task }),
    ...(flags.mapIndex !== undefined && { map_index: flags.mapIndex }),
    ...(flags.parallelism !== undefined && { parallelism: flags.parallelism }),
  };
}
