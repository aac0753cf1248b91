import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { DagModel, Edge, TaskNode } from "#core/model/dag.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { comparableModel, withoutSpans } from "../support/comparableModel.js";
import { executeDags } from "../support/executeDags.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const files = ["examples", "test/fixtures/agreement"].flatMap((folder) =>
  readdirSync(`${repository}${folder}`)
    .filter((name) => name.endsWith(".dag.ts"))
    .map((name) => `${repository}${folder}/${name}`),
);

const workspace = new Workspace({ bundledTypes: `${repository}runtime/src/index.ts` });

describe("reading and executing give the same graph", () => {
  it.each(files)("of %s", async (file) => {
    workspace.openDocument(file, readFileSync(file, "utf8"), 1);
    const read = workspace.analyze(file).dags.map(({ model }) => model);
    const executed = await executeDags(file);
    expect(read.map(({ dag_id }) => dag_id)).toEqual(executed.map(({ dag_id }) => dag_id));
    for (const [index, model] of executed.entries()) {
      const other = read[index];
      if (other === undefined) continue;
      if (file.includes("undecided")) expectCovered(other, model);
      else expect(comparableModel(other)).toEqual(comparableModel(model));
    }
  });
});

/** Whatever reading called exact is so, and whatever else there is, reading said that it could be there. */
function expectCovered(read: DagModel, executed: DagModel): void {
  const byId = new Map(executed.tasks.map((task) => [task.task_id, task]));
  const exact = read.tasks.filter(({ certainty }) => certainty === "exact");
  for (const task of exact) expect(decided(task), task.task_id).toEqual(decided(byId.get(task.task_id), task));
  for (const { task_id } of executed.tasks) {
    expect(
      read.tasks.some((task) => matches(task, task_id)),
      `'${task_id}' is read`,
    ).toBe(true);
  }
  const edges = executed.edges.filter((edge) => !read.edges.some((other) => sameEdge(read, other, edge)));
  expect(edges.map(describeEdge)).toEqual([]);
}

/** A mapping that reading left open may be anything. */
function decided(task: TaskNode | undefined, read = task): unknown {
  const isOpen = read?.mapping?.inputs.some(({ source }) => source.type === "unresolved") === true;
  return withoutSpans({ ...task, mapping: isOpen ? (task?.mapping?.inputs.length ?? 0) : task?.mapping });
}

function matches(task: TaskNode, id: string): boolean {
  if (task.certainty !== "pattern") return task.task_id === id;
  const [pattern = ""] = task.task_id.split("__");
  const parts = pattern.split(/\*+/).map((text) => text.replaceAll(/[.-]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(id);
}

function sameEdge(model: DagModel, edge: Edge, { from, to }: Edge): boolean {
  const task = (id: string): TaskNode | undefined => model.tasks.find(({ task_id }) => task_id === id);
  const [source, target] = [task(edge.from), task(edge.to)];
  return source !== undefined && target !== undefined && matches(source, from) && matches(target, to);
}

function describeEdge({ from, to }: Edge): string {
  return `${from} -> ${to}`;
}
