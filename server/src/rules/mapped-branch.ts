import { createRule } from "./createRule.js";
import { isCertain, mappedGroupAround } from "./support/mappedGroups.js";

export const mappedBranch = createRule({
  meta: {
    name: "mapped-branch",
    category: "graph",
    defaultSeverity: "error",
    description: "A branch or short circuit decides for the tasks behind it, so it cannot be mapped by itself.",
    messages: {
      branch:
        "'{id}' is a {what}, and no one could tell which of its instances decides. Put it into a task_group with the tasks that it decides on, and map the group.",
    },
    fixable: false,
    options: [],
    prevents: "mapped-branch",
    phases: [1],
    dtm: ["DTM515"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      for (const task of dag.tasks) {
        const what = task.flavour && WORDS.get(task.flavour);
        if (what === undefined || task.mapping === null || !isCertain(task, dag)) continue;
        // In a mapped group it is the mapping that is refused.
        if (mappedGroupAround(task, dag) !== undefined) continue;
        yield {
          messageId: "branch",
          data: { id: task.node.task_id, what },
          node: task.mapping.nameNode,
          site: task.site,
        };
      }
    }
  },
});

const WORDS: ReadonlyMap<string, string> = new Map([
  ["task.branch", "branch"],
  ["task.short_circuit", "short circuit"],
]);
