import type { InputFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { removeProperty } from "./support/edits.js";
import { constantOf, effectiveOption } from "./support/givenOptions.js";
import { keptResults } from "./support/taskResults.js";

export const multipleOutputs = createRule({
  meta: {
    name: "multiple-outputs",
    category: "runtime",
    defaultSeverity: "error",
    description: "A task with `multiple_outputs` must return a dict.",
    messages: {
      noDict: "'{task}' has 'multiple_outputs' and returns '{type}'. Return an object, or remove 'multiple_outputs'.",
      option: "'multiple_outputs' is set here.",
    },
    fixable: true,
    options: [],
    prevents: "multiple-outputs",
    phases: [2],
    dtm: ["DTM608"],
  },
  *checkTypes(facts, types) {
    for (const { task, dag, expression } of keptResults(facts)) {
      const option = effectiveOption(task, dag, "multiple_outputs");
      if (option === undefined || option === "unknown" || constantOf(option.value)?.value !== true) continue;
      const returned = types.returned(expression);
      // What JSON cannot carry is refused before anybody looks for entries.
      if (returned?.isNoDict !== true || returned.lost !== undefined) continue;
      const data = { task: task.node.task_id, type: returned.text };
      const related = [{ messageId: "option" as const, data, node: option.property }];
      const isNear = option.property.getSourceFile() === expression.getSourceFile();
      const fixes = isNear ? fixesFor(option) : [];
      yield { messageId: "noDict", data, node: expression, site: task.site, related, fixes };
    }
  },
});

function fixesFor({ property }: InputFacts): readonly Fix[] {
  const edit = removeProperty(property);
  return edit === undefined ? [] : [{ title: "Remove 'multiple_outputs'", edits: [edit] }];
}
