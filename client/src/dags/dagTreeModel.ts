import path from "node:path";
import { pathToFileURL } from "node:url";
import type { FileListing, ListedDag, ListedTask } from "#core/model/listing.js";
import type { DagTarget } from "#core/protocol/lensCommands.js";
import type { WorkspaceDags } from "#core/protocol/lsp.js";

/** The tree of the view "DAGs": DAG → its tasks. A DAG is a target that commands take as they take a code lens's. */
export type DagTreeNode = DagNode | DagTaskNode;

export interface DagNode extends DagTarget {
  readonly type: "dag";
  /** Absolute path. */
  readonly file: string;
  readonly dag: ListedDag;
}

export interface DagTaskNode {
  readonly type: "dagTask";
  readonly parent: DagNode;
  readonly task: ListedTask;
}

/** All DAGs by id; those that share one by file. */
export function dagNodes({ files }: WorkspaceDags): readonly DagNode[] {
  const nodes = files.flatMap((listing) => listing.dags.map((dag) => dagNode(listing, dag)));
  return nodes.sort((a, b) => compare(a.dag_id, b.dag_id) || compare(a.file, b.file));
}

function dagNode({ file }: FileListing, dag: ListedDag): DagNode {
  return { type: "dag", uri: pathToFileURL(file).href, dag_id: dag.dag_id, file, dag };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function childrenOfDag(node: DagTreeNode): readonly DagTaskNode[] {
  if (node.type !== "dag") return [];
  return node.dag.tasks.map((task) => ({ type: "dagTask", parent: node, task }));
}

/** Stable while the code keeps its DAGs and tasks, so that what is unfolded stays so. */
export function dagNodeId(node: DagTreeNode): string {
  if (node.type === "dag") return JSON.stringify([node.file, node.dag_id, node.dag.span.line]);
  // A loop may make several tasks whose ids are unknown: all of them are written alike.
  const number = node.parent.dag.tasks.indexOf(node.task);
  return JSON.stringify([dagNodeId(node.parent), node.task.task_id, number]);
}

export function dagLabel(node: DagTreeNode): string {
  if (node.type === "dag") return node.dag_id;
  return node.task.mapped ? `${node.task.task_id} [ ]` : node.task.task_id;
}

/** `relative`: a path as the workspace shows it. */
export function dagDescription(node: DagTreeNode, relative: (file: string) => string): string {
  if (node.type === "dagTask") return node.task.operator;
  const { schedule } = node.dag;
  const place = relative(node.file).split(path.sep).join("/");
  return schedule === null ? place : `${schedule} · ${place}`;
}
