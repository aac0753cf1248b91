import { describe, expect, it } from "vitest";
import type { FileListing } from "#core/model/listing.js";
import {
  childrenOfDag,
  dagDescription,
  dagLabel,
  dagNodeId,
  dagNodes,
  type DagTreeNode,
} from "../../client/src/dags/dagTreeModel.js";

const listing = (file: string, dag_id: string, line = 1): FileListing => ({
  file,
  dags: [
    {
      dag_id,
      schedule: file.endsWith("a.ts") ? "@daily" : null,
      span: { file, line, column: 1 },
      tasks: [
        { task_id: "load", operator: "task", mapped: true },
        { task_id: "part_*", operator: "Load", mapped: false },
        { task_id: "part_*", operator: "Load", mapped: false },
      ],
    },
  ],
});

describe("the tree of DAGs", () => {
  const files = [listing("/w/b.ts", "same"), listing("/w/a.ts", "same"), listing("/w/c d.ts", "first")];
  const nodes = dagNodes({ files, complete: true });
  const relative = (file: string): string => file.replace("/w/", "");

  it("is in the order of ids, then of files", () => {
    expect(nodes.map((node) => [dagLabel(node), dagDescription(node, relative)])).toEqual([
      ["first", "c d.ts"],
      ["same", "@daily · a.ts"],
      ["same", "b.ts"],
    ]);
  });

  it("gives commands what a code lens gives them", () => {
    expect(nodes.map(({ uri, dag_id }) => [uri, dag_id])).toEqual([
      ["file:///w/c%20d.ts", "first"],
      ["file:///w/a.ts", "same"],
      ["file:///w/b.ts", "same"],
    ]);
  });

  it("tells tasks apart that are written alike, and marks mapped ones", () => {
    const everything: readonly DagTreeNode[] = nodes.flatMap((node) => [node, ...childrenOfDag(node)]);
    expect(new Set(everything.map(dagNodeId)).size).toBe(everything.length);
    const tasks = nodes.slice(0, 1).flatMap(childrenOfDag);
    expect(tasks.map((task) => [dagLabel(task), dagDescription(task, relative)])).toEqual([
      ["load [ ]", "task"],
      ["part_*", "Load"],
      ["part_*", "Load"],
    ]);
    expect(tasks.flatMap(childrenOfDag)).toEqual([]);
  });

  it("keeps its nodes' identity while other DAGs come", () => {
    const later = dagNodes({ files: [...files, listing("/w/aa.ts", "another")], complete: true });
    expect(later.map(dagNodeId)).toEqual(expect.arrayContaining(nodes.map(dagNodeId)));
  });
});
