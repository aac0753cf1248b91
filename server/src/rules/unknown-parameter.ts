import { createRule, type Fix, type Report } from "./createRule.js";
import { removeProperty, renameProperty } from "./support/edits.js";
import { type ExpandedInput, expandedInputs, freeNames, idOf } from "./support/mappedInputs.js";
import { misnamedKwargs, misnamedResults } from "./support/kwargsInputs.js";
import { nearestName } from "./support/nearestName.js";

type MessageId = "unknown" | "nearest" | "result";

export const unknownParameter = createRule({
  meta: {
    name: "unknown-parameter",
    category: "mapping",
    defaultSeverity: "error",
    description: "A task or group is given only inputs that its function takes.",
    messages: {
      unknown: "'{target}' takes no input '{name}'. Remove it, or add it to what '{target}' takes.",
      nearest: "'{target}' takes no input '{name}'. Did you mean '{nearest}'?",
      result: "'{target}' takes no input '{name}', which each of these dicts has. Leave it out of them.",
    },
    fixable: true,
    options: [],
    prevents: "unknown-parameter",
    phases: [1, 2],
    dtm: ["DTM201", "DTM202", "DTM310", "DTM311"],
  },
  *check(facts) {
    for (const expanded of expandedInputs(facts, "unknown-parameter")) yield report(expanded);
  },
  *checkTypes(facts, types) {
    for (const expanded of misnamedKwargs(facts, types, "unknown-parameter")) yield report(expanded);
    for (const { name, node, target } of misnamedResults(facts, types, "unknown-parameter")) {
      yield { messageId: "result", data: { name, target: idOf(target) }, node, site: target.site };
    }
  },
});

function report(expanded: ExpandedInput): Report<MessageId> {
  const { input, target, mapping } = expanded;
  const nearest = nearestName(input.name, freeNames(expanded) ?? []);
  const fixes: Fix[] = [];
  if (nearest !== undefined) {
    fixes.push({ title: `Rename '${input.name}' to '${nearest}'`, edits: [renameProperty(input, nearest)] });
  }
  const remove = removeProperty(input.property);
  // Without another input nothing would be left to map over.
  if (remove !== undefined && mapping.inputs.length > 1) {
    fixes.push({ title: `Remove '${input.name}'`, edits: [remove] });
  }
  return {
    messageId: nearest === undefined ? "unknown" : "nearest",
    data: { name: input.name, target: idOf(target), nearest: nearest ?? "" },
    node: input.nameNode,
    site: target.site,
    fixes,
  };
}
