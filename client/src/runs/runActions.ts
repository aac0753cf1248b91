import * as vscode from "vscode";
import type { Mark, PlannedTask, RunAction, Selection } from "#core/model/runAction.js";
import type { TargetTask, TasksTarget } from "#core/protocol/lensCommands.js";
import type { FileModels } from "#core/protocol/lsp.js";
import { chooseInstance } from "./chooseInstance.js";
import { clearChoices, countOf, doneText, onlyQuestion, planQuestion } from "./actionText.js";
import type { Deed, NameOf, Question } from "./actionText.js";
import type { EngineProcess } from "./engineProcess.js";
import { firstInstances } from "./instanceItems.js";
import type { RunBook, RunEntry } from "./runBook.js";
import type { RunController, RunTarget } from "./runController.js";
import { errorText } from "./runMessages.js";
import type { TreeNode } from "./treeModel.js";

interface ActionPorts {
  readonly engine: EngineProcess;
  readonly book: RunBook;
  readonly runs: RunController;
  readonly models: (uri: vscode.Uri) => Promise<FileModels | null>;
}

interface Pointed {
  readonly entry: RunEntry;
  readonly home: string;
  readonly part: Selection;
  /** What its template calls the instance, where it is one. */
  readonly name: string | null;
}

interface Planned {
  readonly selection: Selection;
  readonly plan: readonly PlannedTask[];
}

/** What people do with runs that have stopped. Each action tells what it changes and asks, before it does it. */
export class RunActions {
  constructor(private readonly ports: ActionPorts) {}

  /** Goes on with a run that was lost or cancelled; what has ended stays, so nothing is asked. */
  async resume(node: TreeNode): Promise<void> {
    const pointed = pointedAt(node);
    if (pointed !== null) await this.goOn(pointed);
  }

  async clear(node: TreeNode): Promise<void> {
    const pointed = pointedAt(node);
    if (pointed === null) return;
    const choices = await this.choicesOf(pointed);
    if (choices === null) return;
    if (choices.length === 0) return nothing();
    const items = choices.map(({ label, planned }) => ({ label, description: sizeOf(planned.plan), planned }));
    const options = { title: `Clear ${titleOf(pointed)}`, placeHolder: "What is to run once more?" };
    const [first] = items;
    const choice = items.length === 1 ? first : await vscode.window.showQuickPick(items, options);
    if (choice !== undefined) await this.act(pointed, deedOf("Clear", choice.planned.selection), choice.planned.plan);
  }

  async retryFailed(node: TreeNode): Promise<void> {
    const pointed = pointedAt(node);
    if (pointed === null) return;
    const downstream = pointed.part.task_id === undefined ? {} : { downstream: true };
    await this.planAndAct(pointed, deedOf("Retry", { ...pointed.part, ...downstream, only_failed: true }));
  }

  async mark(node: TreeNode, state: Mark): Promise<void> {
    const pointed = pointedAt(node);
    if (pointed !== null) await this.planAndAct(pointed, deedOf("Mark", pointed.part, state));
  }

  /** A run of its own of one task or instance, and of what that needs. */
  async runOnly(target: RunTarget & { readonly dag_id: string; readonly task: string }): Promise<void> {
    const model = (await this.ports.models(target.uri))?.dags.find(({ dag_id }) => dag_id === target.dag_id) ?? null;
    const { task, map_index } = target;
    const part = { task_id: task, ...(map_index === undefined ? {} : { map_index }) };
    if (await isWanted(onlyQuestion(model, target.dag_id, part))) await this.ports.runs.run(target);
  }

  /** As `runOnly`, of what a code lens or the view DAGs shows: asks which task and which instance, where that is open. */
  async runOnlyOne({ uri: text, tasks, which }: TasksTarget, logical_date?: string): Promise<void> {
    const uri = vscode.Uri.parse(text);
    const target = await chooseTask(tasks);
    if (target === undefined) return;
    const { dag_id, task_id: task, mapped } = target;
    const whole = { uri, dag_id, task, ...(logical_date === undefined ? {} : { logical_date }) };
    if (which === "all" || !mapped) return this.runOnly(whole);
    const runs = this.ports.book.runsOf(this.ports.engine, uri.fsPath, dag_id);
    const known = await firstInstances(runs, task);
    const title = which === "ask" ? `Run only '${task}'` : `Run one instance of '${task}'`;
    const choice = await chooseInstance({ title, known, all: which === "ask" });
    if (choice === undefined) return;
    await this.runOnly({ ...whole, ...(choice === null ? {} : { map_index: choice }) });
  }

  /** As `runOnly`, of what a run of the history shows, for its logical date. */
  async runOnlyOf(node: TreeNode): Promise<void> {
    if (node.type !== "task" && node.type !== "instance") return;
    const { dag_id, logical_date } = node.run.entry.summary;
    const uri = vscode.Uri.file(node.run.file);
    const task = node.type === "task" ? node.task.task_id : node.task_id;
    const index = node.type === "instance" && node.instance.map_index >= 0 ? node.instance.map_index : undefined;
    const only = index === undefined ? {} : { map_index: index };
    await this.runOnly({ uri, dag_id, logical_date, task, ...only });
  }

  private async planAndAct(pointed: Pointed, deed: Deed): Promise<void> {
    const { action } = deed;
    const planned = await this.plan(pointed, action);
    if (planned === null) return;
    if (planned.plan.length > 0) await this.act(pointed, deed, planned.plan);
    else if (action.name === "clear") nothing();
    else void vscode.window.showInformationMessage(`It is ${action.state ?? "so"} already, so nothing is changed.`);
  }

  private async act(pointed: Pointed, deed: Deed, plan: readonly PlannedTask[]): Promise<void> {
    const { action } = deed;
    const { dag_id } = pointed.entry.summary;
    const question = planQuestion(dag_id, deed, plan, await this.namesOf(pointed));
    if (await isWanted(question)) await this.goOn(pointed, action, doneText(dag_id, action, plan));
  }

  /** Without those that mean nothing, or the same as one before them; null: it was told why there are none. */
  private async choicesOf(pointed: Pointed): Promise<{ readonly label: string; readonly planned: Planned }[] | null> {
    const found: { readonly label: string; readonly planned: Planned }[] = [];
    for (const { label, more } of clearChoices(pointed.part)) {
      const planned = await this.plan(pointed, { name: "clear", selection: { ...pointed.part, ...more } });
      if (planned === null) return null;
      const text = JSON.stringify(planned.plan);
      const isNew = !found.some((other) => JSON.stringify(other.planned.plan) === text);
      if (planned.plan.length > 0 && isNew) found.push({ label, planned });
    }
    return found;
  }

  private async plan({ entry, home }: Pointed, action: RunAction): Promise<Planned | null> {
    const { run_id } = entry.summary;
    const answer = await this.ports.engine.ask("planAction", { home, run_id, ...action });
    if (answer.ok) return { selection: action.selection, plan: answer.value };
    void vscode.window.showErrorMessage(errorText(answer.error));
    return null;
  }

  private async namesOf({ entry }: Pointed): Promise<NameOf> {
    const details = await this.ports.book.details(this.ports.engine, entry);
    const tasks = "tasks" in details ? details.tasks : [];
    return (id, index) => {
      const instances = tasks.find(({ task_id }) => task_id === id)?.instances;
      return instances?.find(({ map_index }) => map_index === index)?.name ?? null;
    };
  }

  private async goOn({ entry, home }: Pointed, action?: RunAction, done: string | null = null): Promise<void> {
    const { run_id, dag_id } = entry.summary;
    const details = await this.ports.book.details(this.ports.engine, entry);
    if (!("file" in details)) void vscode.window.showErrorMessage(errorText(details));
    else {
      const { file, start } = details;
      await this.ports.runs.goOn({ home, run_id, ...(action && { action }) }, { file, dag_id, start, done });
    }
  }
}

async function chooseTask(tasks: readonly TargetTask[]): Promise<TargetTask | undefined> {
  if (tasks.length < 2) return tasks[0];
  const isOneDag = new Set(tasks.map(({ dag_id }) => dag_id)).size === 1;
  const items = tasks.map((target) => ({
    label: target.mapped ? `${target.task_id} [ ]` : target.task_id,
    ...(isOneDag ? {} : { description: target.dag_id }),
    target,
  }));
  return (await vscode.window.showQuickPick(items, { title: "Run only one task" }))?.target;
}

function deedOf(verb: Deed["verb"], selection: Selection, state?: Mark): Deed {
  const name = verb === "Mark" ? "mark" : "clear";
  return { verb, action: { name, selection, ...(state === undefined ? {} : { state }) } };
}

function pointedAt(node: TreeNode): Pointed | null {
  if (node.type !== "run" && node.type !== "task" && node.type !== "instance") return null;
  const entry = node.type === "run" ? node.entry : node.run.entry;
  if (entry.home === null) return null;
  const name = node.type === "instance" ? node.instance.name : null;
  return { entry, home: entry.home, part: partOf(node), name };
}

function partOf(node: Extract<TreeNode, { type: "run" | "task" | "instance" }>): Selection {
  if (node.type === "run") return {};
  if (node.type === "task") return { task_id: node.task.task_id };
  const { map_index } = node.instance;
  return { task_id: node.task_id, ...(map_index < 0 ? {} : { map_index }) };
}

function titleOf({ entry, part, name }: Pointed): string {
  if (part.task_id === undefined) return `the run of '${entry.summary.dag_id}'`;
  const index = part.map_index === undefined ? "" : ` [${part.map_index}]`;
  return `'${part.task_id}${index}${name === null ? "" : ` ${name}`}'`;
}

function sizeOf(plan: readonly PlannedTask[]): string {
  const count = countOf(plan);
  return count === 1 ? "1 instance" : `${count} instances`;
}

async function isWanted({ text, detail, yes }: Question): Promise<boolean> {
  return (await vscode.window.showWarningMessage(text, { modal: true, detail }, yes)) === yes;
}

function nothing(): void {
  void vscode.window.showInformationMessage("Nothing of it has run or failed, so nothing is changed.");
}
