import type { DagModel, GroupNode, TaskNode } from "./dag.js";
import { graphMark, groupMapCount, mapCount } from "./graph.js";
import type { MapCount } from "./graph.js";

export interface MermaidOptions {
  /** `LR` where left out. */
  readonly direction?: "LR" | "TB";
  /**
   * `marks` (where left out): labels as a reader wants them, `add [ ]` or `add [3]`.
   * `reserved`: every task gets the width of a state glyph and of the widest usual count, so that a live graph, which
   * writes its own labels, needs no new layout when a state or count becomes known.
   */
  readonly labels?: "marks" | "reserved";
  /** Instances of a run by task id: `[3]` for what was `[ ]`. */
  readonly counts?: ReadonlyMap<string, number>;
}

export interface MermaidGraph {
  readonly text: string;
  /** `n<i>` in the text is the task `taskIds[i]`. */
  readonly taskIds: readonly string[];
  /** `g<i>` in the text is the group `groupIds[i]`. */
  readonly groupIds: readonly string[];
}

const RESERVED_DIGITS = 5;
/** In the width of the glyph that a live graph shows before the name. */
const RESERVED_GLYPH = "00 ";
/** A live graph cuts longer names off: one name of 300 letters must not push everything else out of sight. */
const LONGEST_RESERVED = 48;

/** A flowchart of the model. Ids in the text are only `n<i>` and `g<i>`; whatever a person wrote is escaped. */
export function toMermaid(given: DagModel, options: MermaidOptions = {}): MermaidGraph {
  const model = withoutDuplicates(given);
  const lines = [`flowchart ${options.direction ?? "LR"}`];
  for (const [index, group] of model.groups.entries()) {
    if (isTopLevel(group, model)) lines.push(...groupLines(model, options, index, "  "));
  }
  for (const [index, task] of model.tasks.entries()) {
    if (!hasGroup(model, task.group_id)) lines.push(`  ${taskLine(model, options, index, task)}`);
  }
  lines.push(...edgeLines(model));
  if (model.tasks.some((task) => task.certainty !== "exact")) lines.push("  classDef maybe stroke-dasharray:5 4");
  return {
    text: `${lines.join("\n")}\n`,
    taskIds: model.tasks.map((task) => task.task_id),
    groupIds: model.groups.map((group) => group.group_id),
  };
}

/** The name that a graph shows: the id without the groups around it, which are drawn. */
export function taskLabel(task: TaskNode): string {
  return withoutPrefix(task.task_id, task.group_id);
}

export function groupLabel(group: GroupNode): string {
  return withoutPrefix(group.group_id, group.parent_id);
}

/** As in Airflow's own graph: ↗ behind a setup, ↘ behind a teardown, nothing behind other tasks. */
export function roleMark({ role }: TaskNode): string {
  return role === undefined ? "" : { setup: "↗", teardown: "↘" }[role];
}

/**
 * The only way from a person's text into mermaid's: letters, digits, spaces and `_` stay, `.` and `-` stay inside a
 * word (at its start they would be a Markdown list), everything else becomes a numeric entity, which mermaid shows
 * and never parses.
 */
export function escapeLabel(text: string): string {
  const escaped = text.replace(
    /((?<=[\p{L}_])[.-](?=[\p{L}\p{N}_]))|[^\p{L}\p{N} _]/gu,
    (character, insideWord: string | undefined) => insideWord ?? `#${character.codePointAt(0)};`,
  );
  return `"${escaped.trim() === "" ? "#8203;" : escaped}"`;
}

/** While code is being written, two tasks may have the same id: a graph has one node for both. */
export function withoutDuplicates(model: DagModel): DagModel {
  const tasks = new Map(model.tasks.toReversed().map((task) => [task.task_id, task]));
  const groups = new Map(model.groups.toReversed().map((group) => [group.group_id, group]));
  return {
    ...model,
    tasks: model.tasks.filter((task) => tasks.get(task.task_id) === task),
    groups: model.groups.filter((group) => groups.get(group.group_id) === group),
  };
}

function groupLines(model: DagModel, options: MermaidOptions, index: number, indent: string): string[] {
  const group = model.groups[index];
  if (group === undefined) return [];
  const inside: string[] = [];
  for (const [child, candidate] of model.groups.entries()) {
    if (candidate.parent_id === group.group_id) inside.push(...groupLines(model, options, child, `${indent}  `));
  }
  for (const [task, candidate] of model.tasks.entries()) {
    if (candidate.group_id === group.group_id) inside.push(`${indent}  ${taskLine(model, options, task, candidate)}`);
  }
  if (inside.length === 0) return [];
  const count = groupMapCount(group, model);
  const label = withMark(groupLabel(group), count === null ? "" : graphMark(count));
  return [`${indent}subgraph g${index}[${label}]`, ...inside, `${indent}end`];
}

function taskLine(model: DagModel, options: MermaidOptions, index: number, task: TaskNode): string {
  const count = mapCount(task, model);
  const maybe = task.certainty === "exact" ? "" : ":::maybe";
  if (options.labels === "reserved") {
    const label = [...taskLabel(task)].slice(0, LONGEST_RESERVED).join("");
    const reserved = `${RESERVED_GLYPH}${label}`;
    return `n${index}(${withMark(reserved, count === null ? "" : reservedMark(count), roleMark(task))})${maybe}`;
  }
  if (count === null) return `n${index}(${withMark(taskLabel(task), roleMark(task))})${maybe}`;
  const mark = graphMark(count, options.counts?.get(task.task_id) ?? null);
  return `n${index}[[${withMark(taskLabel(task), mark, roleMark(task))}]]${maybe}`;
}

function reservedMark(count: MapCount): string {
  const digits = count.type === "known" ? String(count.count).length : 0;
  return `[${"0".repeat(Math.max(RESERVED_DIGITS, digits))}]`;
}

/** `marks` are ours (digits, brackets, arrows), so that they stay readable in the text. */
function withMark(label: string, ...marks: readonly string[]): string {
  const shown = marks.filter((mark) => mark !== "").join(" ");
  return shown === "" ? escapeLabel(label) : `${escapeLabel(label).slice(0, -1)} ${shown}"`;
}

function edgeLines(model: DagModel): string[] {
  const indexes = new Map(model.tasks.map((task, index) => [task.task_id, index]));
  const lines = model.edges.flatMap(({ from, to }) => {
    const [a, b] = [indexes.get(from), indexes.get(to)];
    return a === undefined || b === undefined ? [] : [`  n${a} --> n${b}`];
  });
  return [...new Set(lines)];
}

function isTopLevel(group: GroupNode, model: DagModel): boolean {
  return !hasGroup(model, group.parent_id);
}

function hasGroup(model: DagModel, id: string | null): boolean {
  return id !== null && model.groups.some((group) => group.group_id === id);
}

function withoutPrefix(id: string, groupId: string | null): string {
  const prefix = `${groupId ?? ""}.`;
  return groupId !== null && id.startsWith(prefix) && id.length > prefix.length ? id.slice(prefix.length) : id;
}
