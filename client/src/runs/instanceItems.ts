import { type InstanceSummary, type RunDetails, type TaskSummary, UNMAPPED_INDEX } from "#core/model/run.js";
import type { InstanceHandle } from "#core/model/runAction.js";
import { instanceDescription, instanceLabel } from "./treeModel.js";

/** Instances that a choice lists; any other can be typed. */
const MOST_LISTED = 1000;

/** What was chosen: an instance by its index or name; null: all of them. */
export type InstanceChoice = InstanceHandle | null;

export interface InstanceItem {
  readonly label: string;
  readonly description?: string;
  /** Shown whatever is typed. */
  readonly alwaysShow?: boolean;
  readonly choice: InstanceChoice;
}

export interface InstanceQuestion {
  readonly title: string;
  /** As a run knows them; the first ones are listed. */
  readonly known: readonly InstanceSummary[];
  /** Whether all of them may be chosen, too. */
  readonly all: boolean;
}

export function instanceItems({ known, all }: Omit<InstanceQuestion, "title">): readonly InstanceItem[] {
  const items = known.slice(0, MOST_LISTED).map((instance): InstanceItem => ({
    label: instanceLabel(instance),
    description: instanceDescription(instance),
    choice: instance.map_index,
  }));
  return all ? [{ label: "All instances", choice: null }, ...items] : items;
}

/** What is typed is a choice of its own, unless it says which of the listed ones is meant. */
export function withTyped(listed: readonly InstanceItem[], text: string): readonly InstanceItem[] {
  const isListed = listed.some(({ label }) => label.startsWith(`[${text}]`) || label.endsWith(`] ${text}`));
  if (text === "" || isListed) return listed;
  const isIndex = /^\d+$/.test(text);
  const description = isIndex ? "the instance with this index" : "the instance with this name";
  return [
    { label: isIndex ? `[${text}]` : text, description, alwaysShow: true, choice: isIndex ? Number(text) : text },
    ...listed,
  ];
}

/** The instances of a task in the first of the runs that has any. */
export async function firstInstances(
  runs: AsyncIterable<RunDetails>,
  taskId: string,
): Promise<readonly InstanceSummary[]> {
  for await (const { tasks } of runs) {
    const instances = mappedInstances(tasks.find(({ task_id }) => task_id === taskId));
    if (instances.length > 0) return instances;
  }
  return [];
}

export function mappedInstances(task: TaskSummary | undefined): readonly InstanceSummary[] {
  return task?.instances.filter(({ map_index }) => map_index !== UNMAPPED_INDEX) ?? [];
}
