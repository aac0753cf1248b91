import { ts } from "ts-morph";
import type { DagFacts, InputFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { removeProperty } from "./support/edits.js";
import { isCertain } from "./support/mappedGroups.js";
import { changeTriggerRule, triggerRulePlace } from "./support/triggerRules.js";

export const failFastTriggerRule = createRule({
  meta: {
    name: "fail-fast-trigger-rule",
    category: "graph",
    defaultSeverity: "error",
    description: "In a DAG with `fail_fast` every task has the trigger rule `all_success`.",
    messages: {
      rule: "'{id}' has the trigger_rule '{rule}', but in a DAG with 'fail_fast' nothing runs after a failure. Use 'all_success'.",
      failFast: "'fail_fast' is set here.",
    },
    fixable: true,
    options: [],
    prevents: "fail-fast-trigger-rule",
    phases: [1],
    dtm: ["DTM512"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const failFast = failFastOption(dag);
      if (failFast === undefined) continue;
      for (const task of dag.tasks.filter((each) => hasOtherRule(each, dag))) {
        yield {
          messageId: "rule",
          data: { id: task.node.task_id, rule: task.node.trigger_rule },
          node: triggerRulePlace(task),
          site: task.site,
          related: [{ messageId: "failFast", node: failFast.nameNode }],
          fixes: [...changeTriggerRule(task, "all_success", "Use 'all_success'"), ...removeOption(failFast, task)],
        };
      }
    }
  },
});

/** A spread that is not known may say otherwise. */
function failFastOption({ options, optionsComplete }: DagFacts): InputFacts | undefined {
  const given = options.find(({ name }) => name === "fail_fast");
  return optionsComplete && given?.value.type === "const" && given.value.value === true ? given : undefined;
}

function hasOtherRule(task: TaskFacts, dag: DagFacts): boolean {
  const { trigger_rule, role } = task.node;
  return trigger_rule !== "all_success" && role !== "teardown" && task.isTriggerRuleKnown && isCertain(task, dag);
}

function removeOption({ property }: InputFacts, task: TaskFacts): readonly Fix[] {
  const isNear = property.getSourceFile() === task.site.getSourceFile() && ts.isPropertyAssignment(property);
  const edit = isNear ? removeProperty(property) : undefined;
  return edit === undefined ? [] : [{ title: "Remove 'fail_fast'", edits: [edit] }];
}
