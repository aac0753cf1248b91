import { ts } from "ts-morph";
import type { FileFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { replace } from "./support/edits.js";
import { type MappedTarget, freeNames, idOf, mappedTargets } from "./support/mappedInputs.js";
import { isCheckedByTypeScript } from "./support/typeScriptChecks.js";

export const emptyExpand = createRule({
  meta: {
    name: "empty-expand",
    category: "mapping",
    defaultSeverity: "error",
    description: "`expand` is given at least one input to map over.",
    messages: {
      nothing: "'{target}' is expanded over nothing. Give 'expand' a list for '{name}'.",
      nothingLeft: "'{target}' is expanded over nothing, and no input is left to map over. Call it without 'expand'.",
      nothingKnown: "'{target}' is expanded over nothing. Give 'expand' a list for at least one input.",
    },
    fixable: true,
    options: [],
    prevents: "empty-expand",
    phases: [1],
    dtm: ["DTM101"],
  },
  *check(facts) {
    for (const mapped of mappedTargets(facts)) {
      if (!isEmpty(mapped, facts)) continue;
      const { target, mapping } = mapped;
      const left = freeNames(mapped);
      const [first] = left ?? [];
      yield {
        messageId: left === undefined ? "nothingKnown" : first === undefined ? "nothingLeft" : "nothing",
        data: { target: idOf(target), name: first ?? "" },
        node: mapping.nameNode,
        site: target.site,
        fixes: left !== undefined && first === undefined ? callInstead(mapped) : [],
      };
    }
  },
});

/** An `expand()` without any argument TypeScript refuses. */
function isEmpty({ mapping }: MappedTarget, facts: FileFacts): boolean {
  const { kind, complete, inputs, argument } = mapping;
  if (kind !== "expand" || !complete || inputs.length > 0) return false;
  return argument?.type === "dict" || (argument === undefined && !isCheckedByTypeScript(mapping.call, facts));
}

/** `add.partial(inputs).expand({})` as `add(inputs)`, and the operator's as `new Load(args)`. */
function callInstead({ target, mapping }: MappedTarget): readonly Fix[] {
  const receiver = receiverOf(mapping.call);
  if (receiver === undefined) return [];
  const { partial } = mapping;
  if (partial === null) return fix(mapping.call, `${receiver.getText()}()`);
  const partialOf = receiver === partial.call ? receiverOf(partial.call) : undefined;
  if (partialOf === undefined) return [];
  const made = `${partialOf.getText()}(${partial.call.arguments.map((argument) => argument.getText()).join(", ")})`;
  return fix(mapping.call, target.kind === "operator" ? `new ${made}` : made);
}

function fix(call: ts.CallExpression, text: string): readonly Fix[] {
  return [{ title: "Call it without 'expand'", edits: [replace(call, text)] }];
}

function receiverOf({ expression }: ts.CallExpression): ts.Expression | undefined {
  return ts.isPropertyAccessExpression(expression) ? expression.expression : undefined;
}
