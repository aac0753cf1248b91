import { isMapped } from "#core/model/graph.js";
import { type ShownState, shownState } from "#core/model/shownState.js";
import type { TasksTarget } from "#core/protocol/lensCommands.js";
import type { PageTask } from "#core/protocol/preview.js";
import type { EngineProcess } from "../runs/engineProcess.js";
import type { RunBook } from "../runs/runBook.js";
import type { TaskTreeNode } from "../runs/runTree.js";
import type { RunDocument } from "../runs/runDocument.js";
import type { PreviewController } from "./previewController.js";
import type { ShownRun } from "./previewSession.js";

export interface GraphTaskParts {
  readonly engine: EngineProcess;
  readonly book: RunBook;
  readonly preview: PreviewController;
}

export function isPageTask(argument: object): argument is PageTask {
  return "webviewSection" in argument;
}

/** What the view Runs would show of a node of the graph; a text where there is nothing, which says why. */
export async function runNodeOf(parts: GraphTaskParts, { task_id }: PageTask): Promise<TaskTreeNode | string> {
  const { run } = parts.preview;
  if (run === null) return "The graph shows no run.";
  const entry = { home: run.home, summary: run.summary(), file: run.file };
  const details = await parts.book.details(parts.engine, entry);
  if (!("tasks" in details)) return details.message;
  const task = details.tasks.find((one) => one.task_id === task_id);
  if (task === undefined) return `'${task_id}' is not in the run that the graph shows.`;
  return { type: "task", run: { entry, file: details.file }, task };
}

/** The log that a node of the graph stands for: that of the first instance that failed, else of the first one. */
export function logOf(run: ShownRun, task_id: string): RunDocument | null {
  const instances = run.instancesOf(task_id);
  const told = (state: ShownState) => instances.find((instance) => shownState(instance) === state);
  const instance = told("failed") ?? told("cancelled") ?? instances[0];
  if (instance === undefined || run.home === null) return null;
  const { map_index, name } = instance;
  return { kind: "log", address: { home: run.home, run_id: run.run_id, task_id, map_index }, name };
}

/** A node of the graph as what can run alone; null where it is not there any more. */
export function onlyTargetOf({ preview }: GraphTaskParts, { task_id }: PageTask): TasksTarget | null {
  const found = preview.taskOf(task_id);
  if (found === null) return null;
  const { uri, model, task } = found;
  const tasks = [{ dag_id: model.dag_id, task_id, mapped: isMapped(task, model) }];
  return { type: "tasks", uri: uri.toString(), tasks, which: "ask" };
}
