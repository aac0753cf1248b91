import type { DagModel } from "#core/model/dag.js";
import { ancestors, isMapped, mappedGroupOf } from "#core/model/graph.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { PlannedTask, RunAction, Selection } from "#core/model/runAction.js";
import { countsText } from "./treeModel.js";

/** A question before something is done: what it changes stands below it. */
export interface Question {
  readonly text: string;
  readonly detail: string;
  /** Of the button that does it. */
  readonly yes: string;
}

/** Tasks that a plan names one by one; a window has room for no more. */
const MOST_TASKS = 15;

export function planQuestion(dagId: string, action: RunAction, plan: readonly PlannedTask[]): Question {
  const count = countOf(plan);
  const instances = instancesText(count);
  const details = plan.slice(0, MOST_TASKS).map(taskLine);
  const others = plan.length - details.length;
  if (others > 0) details.push(`… and ${others} more tasks`);
  if (action.name === "clear") {
    const again =
      count === 1 ? "It runs once more, and what waits for it;" : "They run once more, and what waits for them;";
    details.push("", `${again} earlier tries and their logs stay.`);
    return { text: `Clear ${instances} of '${dagId}'?`, detail: details.join("\n"), yes: "Clear" };
  }
  details.push(
    "",
    "Nothing else is changed: what was not run because of it stays so until you retry or clear it, too.",
  );
  const state = action.state ?? "success";
  return { text: `Mark ${instances} of '${dagId}' ${state}?`, detail: details.join("\n"), yes: "Mark" };
}

/** What is told once it is done; null where the end of the run tells it. */
export function doneText(dagId: string, action: RunAction, plan: readonly PlannedTask[]): string | null {
  if (action.name !== "mark") return null;
  return `Marked ${instancesText(countOf(plan))} of '${dagId}' as ${action.state ?? "success"}.`;
}

function instancesText(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

export function countOf(plan: readonly PlannedTask[]): number {
  return plan.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
}

/** `load: success`; `train [2]: failed`; `train: 2 failed · 98 success`. */
function taskLine({ task_id, counts, first }: PlannedTask): string {
  const [only] = first;
  if (countOf([{ task_id, counts, first }]) !== 1 || only === undefined) return `${task_id}: ${countsText(counts)}`;
  const name = only.map_index === UNMAPPED_INDEX ? task_id : `${task_id} [${only.map_index}]`;
  return `${name}: ${only.state.replaceAll("_", " ")}`;
}

/** What somebody who clears may mean; the first is what they pointed at. */
export function clearChoices({ task_id }: Selection): readonly { readonly label: string; readonly more: Selection }[] {
  if (task_id === undefined) {
    return [
      { label: "The whole run", more: {} },
      { label: "Only what failed", more: { only_failed: true } },
    ];
  }
  return [
    { label: "Only this", more: {} },
    { label: "This and everything behind it", more: { downstream: true } },
    { label: "Only what failed of it", more: { only_failed: true } },
    { label: "Only what failed of it and behind it", more: { downstream: true, only_failed: true } },
  ];
}

/** `model`: null where the file could not be read. */
export function onlyQuestion(model: DagModel | null, dagId: string, part: Selection): Question {
  const { task_id = "" } = part;
  const node = model?.tasks.find((task) => task.task_id === task_id);
  const index = part.map_index === undefined ? "" : ` [${part.map_index}]`;
  const yes = "Run";
  const text = `Run only '${task_id}${index}' of '${dagId}', as a run of its own?`;
  if (model === null || node === undefined) return { text, detail: "Tasks before it that it needs run, too.", yes };
  const group = mappedGroupOf(model, node);
  const before = new Set(ancestors(model, task_id));
  const names = model.tasks
    .filter((task) => before.has(task.task_id))
    .map((task) => {
      const isBeside = index !== "" && group !== null && mappedGroupOf(model, task) === group;
      return `${task.task_id}${isBeside ? index : isMapped(task, model) ? " [ ]" : ""}`;
    });
  const shown = names.slice(0, MOST_TASKS);
  if (names.length > shown.length) shown.push(`… and ${names.length - shown.length} more tasks`);
  const detail =
    names.length === 0 ? "Nothing runs before it." : ["Before it run, as it needs them:", ...shown].join("\n");
  return { text, detail, yes };
}
