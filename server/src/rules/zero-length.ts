import type { Value } from "../analysis/value.js";
import { createRule } from "./createRule.js";
import { isCertain } from "./support/mappedGroups.js";
import { idOf, mappedOver } from "./support/mappedInputs.js";

export const zeroLength = createRule({
  meta: {
    name: "zero-length",
    category: "mapping",
    defaultSeverity: "warning",
    description: "A task that is mapped over an empty list or dict has no instances, and is always skipped.",
    messages: {
      empty: "This {what} is empty, so '{id}' has no instances and is always skipped. Put something into it.",
    },
    fixable: false,
    options: [],
    prevents: null,
    phases: [1],
    dtm: ["DTM606"],
  },
  *check(facts) {
    for (const { value, node, target, dag } of mappedOver(facts, "not-mappable")) {
      const what = emptyThing(value);
      if (what === undefined || !isCertain(target, dag)) continue;
      yield { messageId: "empty", data: { what, id: idOf(target) }, node, site: target.site };
    }
  },
});

/** Only what is written in the file: of a task that is skipped for such a list, those behind it are not to blame. */
function emptyThing(value: Value): "list" | "dict" | undefined {
  if (value.type === "list" && value.complete && value.items.length === 0) return "list";
  return value.type === "dict" && value.complete && value.entries.size === 0 ? "dict" : undefined;
}
