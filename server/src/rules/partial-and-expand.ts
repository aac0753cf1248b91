import { createRule, type Fix, type OffsetEdit } from "./createRule.js";
import { removeProperty } from "./support/edits.js";
import { type ExpandedInput, expandedInputs } from "./support/mappedInputs.js";

export const partialAndExpand = createRule({
  meta: {
    name: "partial-and-expand",
    category: "mapping",
    defaultSeverity: "error",
    description: "An input is given either to `partial` or to `expand`, never to both.",
    messages: {
      givenTwice: "'{name}' is already given to 'partial'. Give it either there or here.",
      inPartial: "'{name}' is given to 'partial' here.",
    },
    fixable: true,
    options: [],
    prevents: "partial-and-expand",
    phases: [1],
    dtm: ["DTM205", "DTM206", "DTM207"],
  },
  *check(facts) {
    for (const expanded of expandedInputs(facts, "partial-and-expand")) {
      const { input, target } = expanded;
      const data = { name: input.name };
      const given = givenToPartial(expanded);
      yield {
        messageId: "givenTwice",
        data,
        node: input.nameNode,
        site: target.site,
        related: given === undefined ? [] : [{ messageId: "inPartial", data, node: given.nameNode }],
        fixes: fixesFor(expanded),
      };
    }
  },
});

function givenToPartial({ input, mapping }: ExpandedInput) {
  return mapping.partial?.inputs.find((given) => given.name === input.name);
}

function fixesFor(expanded: ExpandedInput): readonly Fix[] {
  const { input, mapping, target } = expanded;
  const given = givenToPartial(expanded);
  const fixes: Fix[] = [];
  const add = (title: string, edit: OffsetEdit | undefined): void => {
    if (edit !== undefined) fixes.push({ title, edits: [edit] });
  };
  // A partial in a helper's file serves others too.
  const isNear = given?.property.getSourceFile() === target.site.getSourceFile();
  if (given !== undefined && isNear) add(`Remove '${input.name}' from 'partial'`, removeProperty(given.property));
  if (mapping.inputs.length > 1) add(`Remove '${input.name}' from 'expand'`, removeProperty(input.property));
  return fixes;
}
