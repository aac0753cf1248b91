import type { DagModel, GroupNode, TaskNode } from "#core/model/dag.js";
import { graphMark, groupMapCount, mapCount } from "#core/model/graph.js";
import { groupLabel, roleMark, taskLabel, withoutDuplicates } from "#core/model/mermaid.js";
import { arrange, emptyLayout, type Layout, type Point } from "./dagre.js";
import { fit, oneLine, widthOf } from "../views/text.js";

/** From the left and from the top. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DrawnTask {
  readonly task: TaskNode;
  readonly label: string;
  readonly isMapped: boolean;
  readonly box: Box;
}

export interface DrawnGroup {
  readonly group: GroupNode;
  readonly label: string;
  readonly box: Box;
}

export interface Drawing {
  readonly tasks: readonly DrawnTask[];
  /** Outer ones first. */
  readonly groups: readonly DrawnGroup[];
  /** From the edge of one task to that of the next. */
  readonly edges: readonly (readonly Point[])[];
}

/** Of a monospaced font of 13 pixels, the only kind whose width can be told without a browser. */
const COLUMN = 8;
export const LINE = 18;
/** One name of 300 letters must not push everything else out of sight. */
const MOST_COLUMNS = 60;
const PADDING = 12;

/** Where everything of a DAG's graph goes, from left to right. */
export function layOut(given: DagModel): Drawing {
  const model = withoutDuplicates(given);
  const labels = model.tasks.map((task) => labelOf(task, model));
  const graph = graphOf(model, labels);
  arrange(graph);
  const tasks = model.tasks.map((task, index): DrawnTask => {
    const isMapped = mapCount(task, model) !== null;
    return { task, label: labels[index] ?? "", isMapped, box: boxOf(graph.node(`t${index}`)) };
  });
  const roots = model.groups.filter(({ parent_id }) => !isGroup(model, parent_id));
  const groups = roots.flatMap((group) => groupsIn(group, model, tasks));
  const edges = graph.edges().map((edge) => graph.edge(edge).points);
  return { tasks, groups, edges };
}

function graphOf(model: DagModel, labels: readonly string[]): Layout {
  const graph = emptyLayout();
  // Frames and names of groups take room that the layout knows nothing of.
  const depth = Math.max(0, ...model.groups.map((group) => depthOf(group, model)));
  graph.setGraph({ rankdir: "LR", nodesep: 24 + depth * (LINE + PADDING), ranksep: 48 + depth * 2 * PADDING });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const index of model.groups.keys()) graph.setNode(`g${index}`, { width: 0, height: 0 });
  for (const [index, { group_id }] of model.tasks.entries()) {
    graph.setNode(`t${index}`, { width: widthOf(labels[index] ?? "") * COLUMN + 3 * PADDING, height: LINE * 2 });
    setParent(graph, `t${index}`, group_id, model);
  }
  for (const [index, { parent_id }] of model.groups.entries()) setParent(graph, `g${index}`, parent_id, model);
  const indexes = new Map(model.tasks.map(({ task_id }, index) => [task_id, index]));
  for (const { from, to } of model.edges) {
    const [a, b] = [indexes.get(from), indexes.get(to)];
    if (a !== undefined && b !== undefined) graph.setEdge(`t${a}`, `t${b}`);
  }
  return graph;
}

function setParent(graph: Layout, node: string, id: string | null, model: DagModel): void {
  const index = model.groups.findIndex((group) => group.group_id === id);
  if (index !== -1) graph.setParent(node, `g${index}`);
}

function labelOf(task: TaskNode, model: DagModel): string {
  const count = mapCount(task, model);
  return joined(taskLabel(task), count === null ? "" : graphMark(count), roleMark(task));
}

function joined(name: string, ...marks: readonly string[]): string {
  return [fit(oneLine(name), MOST_COLUMNS), ...marks].filter((part) => part !== "").join(" ");
}

function isGroup(model: DagModel, id: string | null): boolean {
  return id !== null && model.groups.some((group) => group.group_id === id);
}

function depthOf(group: GroupNode, model: DagModel): number {
  let depth = 1;
  for (let id = group.parent_id; isGroup(model, id); depth++) {
    id = model.groups.find(({ group_id }) => group_id === id)?.parent_id ?? null;
  }
  return depth;
}

/** The group with those in it; none for a group without tasks. */
function groupsIn(group: GroupNode, model: DagModel, tasks: readonly DrawnTask[]): readonly DrawnGroup[] {
  const children = model.groups.filter(({ parent_id }) => parent_id === group.group_id);
  const inside = children.flatMap((child) => groupsIn(child, model, tasks));
  const own = tasks.filter(({ task }) => task.group_id === group.group_id);
  const boxes = [...inside, ...own].map(({ box }) => box);
  if (boxes.length === 0) return [];
  const count = groupMapCount(group, model);
  const label = joined(groupLabel(group), count === null ? "" : graphMark(count));
  const around = bounds(boxes);
  const width = Math.max(around.width, widthOf(label) * COLUMN) + 2 * PADDING;
  const box = {
    x: around.x - PADDING,
    y: around.y - PADDING - LINE,
    width,
    height: around.height + 2 * PADDING + LINE,
  };
  return [{ group, label, box }, ...inside];
}

function boxOf({ x, y, width, height }: Box): Box {
  return { x: x - width / 2, y: y - height / 2, width, height };
}

/** The smallest box around all of them; there is at least one. */
export function bounds(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const right = Math.max(...boxes.map((box) => box.x + box.width));
  const bottom = Math.max(...boxes.map((box) => box.y + box.height));
  return { x, y, width: right - x, height: bottom - y };
}
