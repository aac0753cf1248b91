import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import { createRule, type Report } from "./createRule.js";
import { derivedReferences } from "./support/derivedReferences.js";

export const mapArity = createRule({
  meta: {
    name: "map-arity",
    category: "mapping",
    defaultSeverity: "error",
    description: "The function that `map` of a result is given gets the item and nothing else.",
    messages: {
      tooMany: "'map' of a result gives its function the item only, so '{name}' is always undefined. Remove it.",
    },
    fixable: false,
    options: [],
    prevents: null,
    phases: [2],
    dtm: ["DTM418"],
  },
  checkTypes,
});

/** Where types are known, TypeScript refuses such a function itself. */
function* checkTypes(facts: FileFacts, types: TypeQueries): Generator<Report<"tooMany">> {
  for (const { args, call, site } of derivedReferences(facts, "map")) {
    const [fn] = args;
    const written = ts.isCallExpression(call) ? call.arguments[0] : undefined;
    if (fn?.type !== "function" || written === undefined || !types.isAccepted(written)) continue;
    const second = fn.node.parameters.filter((parameter) => !isThis(parameter))[1];
    if (second === undefined || isOptional(second)) continue;
    const isInline = ts.findAncestor(second, (node) => node === written) !== undefined;
    yield { messageId: "tooMany", data: { name: second.name.getText() }, node: isInline ? second : written, site };
  }
}

function isThis({ name }: ts.ParameterDeclaration): boolean {
  return ts.isIdentifier(name) && name.text === "this";
}

function isOptional(parameter: ts.ParameterDeclaration): boolean {
  return [parameter.initializer, parameter.questionToken, parameter.dotDotDotToken].some((part) => part !== undefined);
}
