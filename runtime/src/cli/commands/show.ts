import type { CliCommand } from "../command.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import { collectInstance } from "../collect.js";
import { historyHere, indexOf, runIdOf, taskOf } from "../historyAccess.js";
import { formatOption, mapIndexOption } from "../options.js";
import { readSource, sourceOfTry } from "../sources.js";
import { instanceLines, runLines } from "../views/historyText.js";
import { instanceTable, mappedInputs } from "../views/instanceTable.js";
import type { ErrorView } from "../views/errorText.js";
import { inRunningOrder } from "../views/runningOrder.js";
import { taskLabel } from "../views/states.js";
import type { History } from "../../store/history.js";
import type { InstanceDetails, RecordedRun, RunDetails, TaskSummary } from "#core/model/run.js";

interface ShowFlags {
  readonly mapIndex?: string;
  readonly format: "text" | "json";
}

export const showCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("show")
      .description("show a run, one of its tasks, or one instance with its inputs and result")
      .argument("<run>", "the run's id, or 'latest'")
      .argument("[task]", "the task's id")
      .addOption(mapIndexOption())
      .addOption(formatOption())
      .action((run: string, task: string | undefined, flags: ShowFlags) => finish(show(run, task, flags, cli)));
  },
};

function show(run: string, task_id: string | undefined, flags: ShowFlags, cli: Cli): ExitCode {
  const { home, history } = historyHere(cli);
  const details = history.show(runIdOf(history, home, run));
  const view = { cwd: cli.cwd, colors: cli.out.colors, readSource };
  if (task_id === undefined) {
    if (flags.format === "json") writeJson(cli.out, details);
    else writeLines(cli.out, textOf(history, details, view));
    return 0;
  }
  const task = taskOf(details, task_id);
  const index = indexOf(task, flags.mapIndex);
  if (index === undefined) showAll(history, details.run_id, task, flags, cli);
  else if (flags.format === "json") writeJson(cli.out, history.instance(details.run_id, task_id, index));
  else {
    const instance = history.instance(details.run_id, task_id, index);
    writeLines(cli.out, instanceLines(instance, { ...view, readSource: sourceOfTry(instance, details.code_versions) }));
  }
  return 0;
}

function textOf(history: History, details: RecordedRun, view: ErrorView): string[] {
  const tasks = inRunningOrder(details.tasks, history.model(details.run_id));
  return runLines({ ...details, tasks }, firstFailures(history, details), view, (instance) => {
    return { ...view, readSource: sourceOfTry(instance, details.code_versions) };
  });
}

/** The first failed instance of each task: the others mostly fail for the same reason. */
function firstFailures(history: History, run: RunDetails): InstanceDetails[] {
  return run.tasks.flatMap(({ task_id, instances }) => {
    const failed = instances.find((instance) => instance.state === "failed");
    return failed === undefined ? [] : [history.instance(run.run_id, task_id, failed.map_index)];
  });
}

/** Every instance of a mapped task. */
function showAll(history: History, run_id: string, task: TaskSummary, flags: ShowFlags, cli: Cli): void {
  if (flags.format === "json") {
    writeJson(cli.out, task);
    return;
  }
  const instances = task.instances.map(({ map_index }) =>
    collectInstance(history, run_id, task.task_id, map_index, { log: "last" }),
  );
  const { colors } = cli.out;
  const names = mappedInputs(history.model(run_id), task.task_id);
  writeLines(cli.out, [
    `${colors.bold(taskLabel(task))} ${colors.dim(run_id)}`,
    ...instanceTable(instances, names, cli.out.columns(), colors, "with-log"),
  ]);
}
