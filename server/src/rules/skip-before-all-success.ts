import type { ts } from "ts-morph";
import type { DagFacts, GroupFacts, TaskFacts } from "../analysis/facts.js";
import type { Value } from "../analysis/value.js";
import { createRule } from "./createRule.js";
import { skippedInGroup } from "./support/groupSkips.js";
import { isCertain, mappedGroupAround } from "./support/mappedGroups.js";
import { ownSkip } from "./support/skips.js";
import { changeTriggerRule, triggerRuleOption } from "./support/triggerRules.js";

export const skipBeforeAllSuccess = createRule({
  meta: {
    name: "skip-before-all-success",
    category: "graph",
    defaultSeverity: "warning",
    description:
      "A task that takes the results of a mapped task that may skip instances needs a trigger rule for that.",
    messages: {
      skipped:
        "'{id}' is skipped as soon as one instance of '{source}' is, and some may be. Give it the trigger_rule 'none_failed'.",
      reason: "This skips instances of '{source}'.",
    },
    fixable: true,
    options: [],
    prevents: null,
    phases: [1],
    dtm: ["DTM501"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const skips = skipsIn(dag);
      if (skips.size === 0) continue;
      for (const task of dag.tasks.filter((each) => needsAll(each, dag))) {
        for (const { node, source } of sourcesOf(task, skips, dag)) {
          const data = { id: task.node.task_id, source: source.id };
          yield {
            messageId: "skipped",
            data,
            node,
            site: task.site,
            related: [{ messageId: "reason", data, node: source.place }],
            fixes: changeTriggerRule(task, "none_failed", "Give it the trigger_rule 'none_failed'"),
          };
        }
      }
    }
  },
});

/** A task of which some instances may be skipped and others not. */
interface Skip {
  readonly id: string;
  readonly place: ts.Node;
  readonly group: GroupFacts | undefined;
}

function skipsIn(dag: DagFacts): ReadonlyMap<string, Skip> {
  const skips = new Map<string, Skip>();
  for (const task of dag.tasks) {
    const place = task.mapping !== null && isCertain(task, dag) ? ownSkip(task) : undefined;
    const id = task.node.task_id;
    if (place !== undefined) skips.set(id, { id, place, group: undefined });
  }
  for (const group of dag.groups) {
    if (group.mapping === null) continue;
    for (const [id, place] of skippedInGroup(group, dag)) skips.set(id, { id, place, group });
  }
  return skips;
}

/** Who writes `all_success` means it. */
function needsAll(task: TaskFacts, dag: DagFacts): boolean {
  const isDefault = task.isTriggerRuleKnown && triggerRuleOption(task) === undefined;
  return isDefault && task.node.trigger_rule === "all_success" && task.node.role === undefined && isCertain(task, dag);
}

/** Something that a task is given, and what may be missing in it. */
interface Given {
  readonly value: Value;
  readonly node: ts.Node;
}

/** Of each input the first one; in the same mapped group an instance takes only what its own instances leave. */
function sourcesOf(
  task: TaskFacts,
  skips: ReadonlyMap<string, Skip>,
  dag: DagFacts,
): readonly { node: ts.Node; source: Skip }[] {
  const group = mappedGroupAround(task, dag);
  return givenTo(task).flatMap(({ value, node }) => {
    const found = taskIdsIn(value).flatMap((id) => skips.get(id) ?? []);
    const source = found.find((skip) => skip.group === undefined || skip.group !== group);
    return source === undefined ? [] : [{ node, source }];
  });
}

function givenTo({ inputs, mapping }: TaskFacts): readonly Given[] {
  const given = [...inputs, ...(mapping?.inputs ?? [])].map(({ value, expression }) => ({ value, node: expression }));
  if (mapping?.kind !== "expand_kwargs" || mapping.argument === undefined) return given;
  return [...given, { value: mapping.argument, node: mapping.call.arguments[0] ?? mapping.call }];
}

/** Ids of the tasks whose results surely are part of a value, at any depth. */
function taskIdsIn(value: Value): readonly string[] {
  if (value.type === "list") return value.items.flatMap(taskIdsIn);
  if (value.type === "dict") return [...value.entries.values()].flatMap((entry) => taskIdsIn(entry.value));
  if (value.type !== "xcom" || value.form === "argument") return [];
  return value.task === undefined ? value.of.flatMap(taskIdsIn) : [value.task.task_id];
}
