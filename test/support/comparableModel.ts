import { expect } from "vitest";
import type { DagModel, Edge, TaskNode } from "#core/model/dag.js";
import type { SourceSpan } from "#core/model/source.js";

/** Without what only one of reading and executing can know: where things end, and in which order edges were found. */
export function comparableModel(model: DagModel): unknown {
  const edges = model.edges.map(({ from, to }) => `${from} -> ${to}`).sort();
  return { ...withoutSpans({ ...model, origin: undefined }), edges };
}

function withoutSpans<T>(value: T): T {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (key === "span" ? undefined : inner))) as T;
}

/** Whatever reading called exact is so, and whatever else there is, reading said that it could be there. */
export function expectCovered(read: DagModel, executed: DagModel, about = ""): void {
  const byId = new Map(executed.tasks.map((task) => [task.task_id, task]));
  const exact = read.tasks.filter(({ certainty }) => certainty === "exact");
  for (const task of exact)
    expect(decided(read, task), `${task.task_id} ${about}`).toEqual(decided(read, byId.get(task.task_id), task));
  for (const { task_id } of executed.tasks) {
    expect(
      read.tasks.some((task) => matches(task, task_id)),
      `'${task_id}' is read`,
    ).toBe(true);
  }
  const edges = executed.edges.filter((edge) => !read.edges.some((other) => sameEdge(read, other, edge)));
  expect(edges.map(describeEdge), about).toEqual([]);
}

/** A mapping or trigger rule that reading left open may be anything. */
function decided(model: DagModel, task: TaskNode | undefined, read = task): unknown {
  const isOpen = read?.mapping?.inputs.some(({ source }) => source.type === "unresolved") === true;
  const hasOpenRule = model.unresolved.some(({ what, span }) => what === "value" && isInside(span, read?.span));
  const trigger_rule = hasOpenRule ? "open" : task?.trigger_rule;
  return withoutSpans({ ...task, trigger_rule, mapping: isOpen ? (task?.mapping?.inputs.length ?? 0) : task?.mapping });
}

function isInside(inner: SourceSpan, outer: SourceSpan | undefined): boolean {
  if (inner.file !== outer?.file) return false;
  const place = (line = 0, column = 0): number => line * 1_000_000 + column;
  const isAfter = place(inner.line, inner.column) >= place(outer.line, outer.column);
  return isAfter && place(inner.endLine, inner.endColumn) <= place(outer.endLine, outer.endColumn);
}

function matches(task: TaskNode, id: string): boolean {
  // Where a group may or may not have taken an id, the numbers of later ones are not known.
  if (task.certainty === "maybe") return groupCoresOf(task.task_id) === groupCoresOf(id);
  if (task.certainty !== "pattern") return task.task_id === id;
  const pattern = coreOf(task.task_id);
  const parts = pattern.split(/\*+/).map((text) => text.replaceAll(/[.-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(id);
}

/** Where a task may or may not have taken an id, the numbers behind later ones are not known. */
function sameEdge(model: DagModel, edge: Edge, { from, to }: Edge): boolean {
  const task = (id: string): TaskNode | undefined => model.tasks.find(({ task_id }) => task_id === id);
  const [source, target] = [task(edge.from), task(edge.to)];
  return isEnd(source, from) && isEnd(target, to);
}

function isEnd(task: TaskNode | undefined, id: string): boolean {
  if (task === undefined) return false;
  const isMaybe = task.certainty === "maybe";
  return matches(task, id) || (isMaybe && coreOf(groupCoresOf(task.task_id)) === coreOf(groupCoresOf(id)));
}

function groupCoresOf(id: string): string {
  return id.replaceAll(/__\d+(?=\.)/g, "");
}

function coreOf(id: string): string {
  return id.replace(/__\d+$/, "");
}

function describeEdge({ from, to }: Edge): string {
  return `${from} -> ${to}`;
}
