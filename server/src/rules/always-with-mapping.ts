import type { DagFacts, GroupFacts, MappingFacts, TaskFacts } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import { createRule, type Report } from "./createRule.js";
import { isCertain, mappedGroupAround } from "./support/mappedGroups.js";
import { changeTriggerRule, triggerRulePlace } from "./support/triggerRules.js";

type MessageId = "generated" | "grouped" | "mappedHere";

export const alwaysWithMapping = createRule({
  meta: {
    name: "always-with-mapping",
    category: "graph",
    defaultSeverity: "error",
    description:
      "A task with the trigger rule `always` waits for nothing, so it cannot be mapped over a task's result.",
    messages: {
      generated:
        "'{id}' has the trigger_rule 'always', so it does not wait for the result that it is mapped over. Use 'all_done'.",
      grouped:
        "'{id}' stands in the mapped group '{group}', where the trigger_rule cannot be 'always'. Use 'all_done'.",
      mappedHere: "It is mapped here.",
    },
    fixable: true,
    options: [],
    prevents: "always-with-mapping",
    phases: [1],
    dtm: ["DTM507", "DTM508", "DTM509", "DTM510", "DTM511"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      for (const task of dag.tasks) {
        const mapping = isAlways(task, dag) ? refused(task, dag) : undefined;
        if (mapping !== undefined) yield report(task, mapping);
      }
    }
  },
});

function isAlways(task: TaskFacts, dag: DagFacts): boolean {
  const { trigger_rule, role } = task.node;
  return trigger_rule === "always" && role !== "teardown" && task.isTriggerRuleKnown && isCertain(task, dag);
}

/** What makes `always` impossible: the task's own mapping, or the group around it. */
interface Refused {
  readonly mapping: MappingFacts | null;
  readonly group: GroupFacts | undefined;
}

function refused(task: TaskFacts, dag: DagFacts): Refused | undefined {
  if (task.mapping !== null && isGenerated(task.mapping)) return { mapping: task.mapping, group: undefined };
  const group = mappedGroupAround(task, dag);
  return group && { mapping: group.mapping, group };
}

function report(task: TaskFacts, { mapping, group }: Refused): Report<MessageId> {
  return {
    messageId: group === undefined ? "generated" : "grouped",
    data: { id: task.node.task_id, group: group?.node.group_id ?? "" },
    node: triggerRulePlace(task),
    site: task.site,
    related: mapping === null ? [] : [{ messageId: "mappedHere", node: mapping.nameNode }],
    fixes: changeTriggerRule(task, "all_done", "Use 'all_done'"),
  };
}

/** A task decides how many instances there are; of `expand_kwargs`, also what they are given. */
function isGenerated({ kind, inputs, argument }: MappingFacts): boolean {
  if (kind === "expand") return inputs.some(({ value }) => value.type === "xcom");
  return argument !== undefined && holdsReference(argument);
}

function holdsReference(value: Value): boolean {
  if (value.type === "xcom") return true;
  if (value.type === "list") return value.items.some(holdsReference);
  return value.type === "dict" && [...value.entries.values()].some((entry) => holdsReference(entry.value));
}
