import type { DagModel } from "#core/model/dag.js";
import { ancestors, isMapped, mappedGroupOf } from "#core/model/graph.js";
import type { Mark, PlannedTask, RunAction, Selection } from "#core/model/runAction.js";
import { instanceName } from "./runMessages.js";
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

/** What a person chose to do: retrying is clearing, by the name that it was chosen by. */
export interface Deed {
  readonly verb: "Clear" | "Retry" | "Mark";
  readonly action: RunAction;
}

/** What its template calls an instance. */
export type NameOf = (task_id: string, map_index: number) => string | null;

/** `plan`: what is changed by it. */
export function planQuestion(dagId: string, deed: Deed, plan: readonly PlannedTask[], nameOf: NameOf): Question {
  const { action, verb } = deed;
  const count = countOf(plan);
  const details = plan.slice(0, MOST_TASKS).map((task) => taskLine(task, nameOf));
  const others = plan.length - details.length;
  if (others > 0) details.push(`… and ${others} more tasks`);
  const detail = [...details, "", action.name === "mark" ? markNote(action) : clearNote(count)].join("\n");
  const marked = action.name === "mark" ? ` as ${markOf(action)}` : "";
  return { text: `${verb} ${instancesText(count)} of '${dagId}'${marked}?`, detail, yes: verb };
}

function clearNote(count: number): string {
  const again =
    count === 1 ? "It runs once more, and what waits for it;" : "They run once more, and what waits for them;";
  return `${again} earlier tries and their logs stay.`;
}

function markNote(action: RunAction): string {
  if (markOf(action) === "failed") return "Nothing else is changed: what has run after it stays as it is.";
  return "Nothing else is changed: what was not run because of it stays so until you retry or clear it, too.";
}

function markOf({ state = "success" }: RunAction): Mark {
  return state;
}

/** What is told once it is done; null where the end of the run tells it. */
export function doneText(dagId: string, action: RunAction, plan: readonly PlannedTask[]): string | null {
  if (action.name !== "mark") return null;
  return `Marked ${instancesText(countOf(plan))} of '${dagId}' as ${markOf(action)}.`;
}

function instancesText(count: number): string {
  return count === 1 ? "1 instance" : `${count} instances`;
}

export function countOf(plan: readonly PlannedTask[]): number {
  return plan.flatMap(({ counts }) => Object.values(counts)).reduce((sum, count) => sum + count, 0);
}

/** `load: success`; `train [2] svm: failed`; `train: 2 failed · 98 success`. */
function taskLine({ task_id, counts, first }: PlannedTask, nameOf: NameOf): string {
  const [only] = first;
  if (countOf([{ task_id, counts, first }]) !== 1 || only === undefined) return `${task_id}: ${countsText(counts)}`;
  const instance = { task_id, map_index: only.map_index, name: nameOf(task_id, only.map_index) };
  return `${instanceName(instance)}: ${only.state.replaceAll("_", " ")}`;
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
