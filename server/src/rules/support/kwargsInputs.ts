import { ts } from "ts-morph";
import { inputFacts } from "../../analysis/api/declareTask.js";
import type { FileFacts, InputFacts } from "../../analysis/facts.js";
import type { TypeQueries } from "../../analysis/typeQueries.js";
import { type ExpandedInput, type MappedTarget, mappedTargets, type NameOwner, nameOwner } from "./mappedInputs.js";
import { isCheckedByTypeScript } from "./typeScriptChecks.js";

/** A name that the dicts of a task's result have. */
export interface TypedName extends MappedTarget {
  readonly name: string;
  /** What `expand_kwargs` is given. */
  readonly node: ts.Expression;
}

/** The inputs that dicts of `expand_kwargs` surely hold, where the list is known; those of one dict as those of an `expand`. */
export function* kwargsInputs(facts: FileFacts): Generator<ExpandedInput> {
  for (const mapped of mappedTargets(facts)) {
    const { argument } = mapped.mapping;
    if (listGiven(mapped) === undefined || argument?.type !== "list" || !argument.complete) continue;
    for (const item of argument.items) {
      if (item.type !== "dict" || !item.complete) continue;
      const inputs = inputFacts(item);
      const mapping = { ...mapped.mapping, inputs };
      for (const input of inputs) yield { ...mapped, mapping, input };
    }
  }
}

/** Those whose names are wrong, and of which TypeScript does not say so. */
export function* misnamedKwargs(facts: FileFacts, types: TypeQueries, owner: NameOwner): Generator<ExpandedInput> {
  for (const expanded of kwargsInputs(facts)) {
    if (nameOwner(expanded.input.name, expanded) !== owner || isRefusedByTypeScript(expanded, facts, types)) continue;
    yield expanded;
  }
}

/** The same of lists that only their types tell: results of tasks, and lists that are made somewhere else. */
export function* misnamedResults(facts: FileFacts, types: TypeQueries, owner: NameOwner): Generator<TypedName> {
  for (const mapped of mappedTargets(facts)) {
    const { argument } = mapped.mapping;
    const node = listGiven(mapped);
    if (node === undefined || (argument?.type === "list" && argument.complete)) continue;
    const names = types.kwargsNames(node).filter((name) => nameOwner(name, mapped) === owner);
    if (names.length === 0 || !types.isAccepted(node)) continue;
    for (const name of names) yield { ...mapped, name, node };
  }
}

function listGiven({ mapping: { kind, call } }: MappedTarget): ts.Expression | undefined {
  const [expression] = call.arguments;
  const isGiven = kind === "expand_kwargs" && expression !== undefined && !ts.isSpreadElement(expression);
  return isGiven ? expression : undefined;
}

/** Also where it refuses the list for something else: it would say both. */
function isRefusedByTypeScript(expanded: ExpandedInput, facts: FileFacts, types: TypeQueries): boolean {
  const { input, mapping, target } = expanded;
  const given = listGiven(expanded);
  if (given === undefined || !types.isAccepted(given)) return true;
  if (!isWrittenInside(input, mapping.call, facts)) return false;
  if (target.kind !== "task" || target.fn === undefined) return true;
  const taken = types.parameterNames(target.fn);
  // It takes all names, also those that 'partial' has.
  if (taken === undefined) return false;
  return !taken.has(input.name) || mapping.partial?.inputs.some(({ name }) => name === input.name) === true;
}

/** TypeScript refuses names that are too many only where the dict is written in the call itself. */
function isWrittenInside({ property }: InputFacts, call: ts.CallExpression, facts: FileFacts): boolean {
  if (!isCheckedByTypeScript(property, facts)) return false;
  let node: ts.Node = property.parent;
  while (ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || isTransparent(node))
    node = node.parent;
  return node === call;
}

function isTransparent(node: ts.Node): boolean {
  return ts.isParenthesizedExpression(node) || ts.isSatisfiesExpression(node);
}
