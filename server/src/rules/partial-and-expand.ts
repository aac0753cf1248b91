import type { InputFacts, MappingFacts } from "../analysis/facts.js";
import { createRule, type Fix, type OffsetEdit, type Related, type Report } from "./createRule.js";
import { removeProperty } from "./support/edits.js";
import { misnamedKwargs, misnamedResults } from "./support/kwargsInputs.js";
import { type ExpandedInput, expandedInputs } from "./support/mappedInputs.js";

type MessageId = "givenTwice" | "result" | "inPartial";

export const partialAndExpand = createRule({
  meta: {
    name: "partial-and-expand",
    category: "mapping",
    defaultSeverity: "error",
    description: "An input is given either to `partial` or to `expand`, never to both.",
    messages: {
      givenTwice: "'{name}' is already given to 'partial'. Give it either there or here.",
      result: "'{name}' is already given to 'partial', and each of these dicts has it too. Give it in one place.",
      inPartial: "'{name}' is given to 'partial' here.",
    },
    fixable: true,
    options: [],
    prevents: "partial-and-expand",
    phases: [1, 2],
    dtm: ["DTM205", "DTM206", "DTM207", "DTM308", "DTM309"],
  },
  *check(facts) {
    for (const expanded of expandedInputs(facts, "partial-and-expand")) yield report(expanded);
  },
  *checkTypes(facts, types) {
    for (const expanded of misnamedKwargs(facts, types, "partial-and-expand")) yield report(expanded);
    for (const { name, node, target, mapping } of misnamedResults(facts, types, "partial-and-expand")) {
      const data = { name };
      yield { messageId: "result", data, node, site: target.site, related: relatedTo(givenToPartial(name, mapping)) };
    }
  },
});

function report(expanded: ExpandedInput): Report<MessageId> {
  const { input, target, mapping } = expanded;
  return {
    messageId: "givenTwice",
    data: { name: input.name },
    node: input.nameNode,
    site: target.site,
    related: relatedTo(givenToPartial(input.name, mapping)),
    fixes: fixesFor(expanded),
  };
}

function relatedTo(given: InputFacts | undefined): readonly Related<MessageId>[] {
  return given === undefined ? [] : [{ messageId: "inPartial", data: { name: given.name }, node: given.nameNode }];
}

function givenToPartial(name: string, { partial }: MappingFacts): InputFacts | undefined {
  return partial?.inputs.find((given) => given.name === name);
}

function fixesFor(expanded: ExpandedInput): readonly Fix[] {
  const { input, mapping, target } = expanded;
  const given = givenToPartial(input.name, mapping);
  const fixes: Fix[] = [];
  const add = (title: string, edit: OffsetEdit | undefined): void => {
    if (edit !== undefined) fixes.push({ title, edits: [edit] });
  };
  // A partial in a helper's file serves others too.
  const isNear = given?.property.getSourceFile() === target.site.getSourceFile();
  if (given !== undefined && isNear) add(`Remove '${input.name}' from 'partial'`, removeProperty(given.property));
  if (mapping.inputs.length > 1) add(`Remove '${input.name}' from '${mapping.kind}'`, removeProperty(input.property));
  return fixes;
}
