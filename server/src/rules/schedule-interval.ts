import { ts } from "ts-morph";
import { createRule, type Fix } from "./createRule.js";
import { removeProperty, replace } from "./support/edits.js";
import { givenOptions } from "./support/givenOptions.js";

export const scheduleInterval = createRule({
  meta: {
    name: "schedule-interval",
    category: "portability",
    defaultSeverity: "warning",
    description: "`schedule_interval` is the old name of `schedule`.",
    messages: {
      renamed:
        "'schedule_interval' is called 'schedule' since Airflow 2.4, and Airflow 3 refuses it. Write 'schedule'.",
      both: "'schedule_interval' is the old name of 'schedule', which is given too. Remove one of them.",
    },
    severities: { both: "error" },
    fixable: true,
    options: [],
    prevents: null,
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    for (const { option, of, dag, site } of givenOptions(facts)) {
      if (of !== "dag" || option.name !== "schedule_interval" || isLeftOut(option.value)) continue;
      const other = dag.options.find(({ name, value }) => name === "schedule" && !isLeftOut(value));
      // Whether the other one is given at all may depend on its value.
      if (other?.value.type === "unknown" || other?.value.type === "union") continue;
      const fixes = other === undefined ? [rename(option)] : removal(option.property);
      yield { messageId: other === undefined ? "renamed" : "both", node: option.nameNode, site, fixes };
    }
  },
});

function isLeftOut(value: { readonly type: string; readonly value?: unknown }): boolean {
  return value.type === "const" && value.value === undefined;
}

function rename({ nameNode, property }: { nameNode: ts.Node; property: ts.ObjectLiteralElementLike }): Fix {
  const isShorthand = ts.isShorthandPropertyAssignment(property);
  const edit = isShorthand ? replace(nameNode, "schedule: schedule_interval") : replace(nameNode, "schedule");
  return { title: "Rename to 'schedule'", edits: [edit], safe: true };
}

function removal(property: ts.ObjectLiteralElementLike): readonly Fix[] {
  const edit = removeProperty(property);
  return edit === undefined ? [] : [{ title: "Remove 'schedule_interval'", edits: [edit] }];
}
