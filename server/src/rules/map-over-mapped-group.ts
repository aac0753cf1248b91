import { createRule, type Fix, type Report } from "./createRule.js";
import { surroundInput } from "./support/edits.js";
import { insertTask } from "./support/insertTask.js";
import { type MappedOver, mappedOver } from "./support/mappedInputs.js";
import { type GroupedSource, isCertain, sourcesInMappedGroups } from "./support/mappedGroups.js";
import { inputType } from "./support/parameterTypes.js";

type MessageId = "grouped" | "mappedHere";

export const mapOverMappedGroup = createRule({
  meta: {
    name: "map-over-mapped-group",
    category: "graph",
    defaultSeverity: "error",
    description: "What the tasks of a mapped group return can be reduced, but not mapped over again.",
    messages: {
      grouped:
        "'{source}' stands in the mapped group '{group}', so its results cannot be mapped over. Collect them with a task that returns them as a list.",
      mappedHere: "'{group}' is mapped here.",
    },
    fixable: true,
    options: [],
    prevents: "map-over-mapped-group",
    phases: [1],
    dtm: ["DTM505"],
  },
  *check(facts) {
    for (const over of mappedOver(facts, "map-over-mapped-group")) {
      const source = sourcesInMappedGroups(over.value, over.dag).find(({ task }) => isCertain(task, over.dag));
      if (source !== undefined && isCertain(over.target, over.dag)) yield report(over, source);
    }
  },
});

function report(over: MappedOver, { task, group }: GroupedSource): Report<MessageId> {
  const data = { source: task.node.task_id, group: group.node.group_id };
  return {
    messageId: "grouped",
    data,
    node: over.node,
    site: over.target.site,
    related: group.mapping === null ? [] : [{ messageId: "mappedHere", data, node: group.mapping.nameNode }],
    fixes: collect(over),
  };
}

/** A task that is given all results, and returns them as a list of its own; its type is that of what takes them. */
function collect({ value, input, target }: MappedOver): readonly Fix[] {
  const isWhole = value.type === "xcom" && value.form === "result";
  if (!isWhole || input === undefined || target.kind !== "task") return [];
  const type = inputType(target.fn, input.name);
  const places = [target.origin, input.expression, type].map((node) => node?.getSourceFile());
  if (type === undefined || places.some((file) => file !== target.site.getSourceFile())) return [];
  const element = /^[\w.]+$/.test(type.getText()) ? type.getText() : `(${type.getText()})`;
  const body = `({ values }: { values: readonly ${element}[] }) => [...values]`;
  const task = insertTask({ id: "collect", before: target.site, body });
  if (task === undefined) return [];
  const edits = [task.edit, ...surroundInput(input, `${task.name}({ values: `, " })")];
  return [{ title: "Collect them with a task in between", edits }];
}
