import { ts } from "ts-morph";
import { MAX_EXAMPLES } from "../builtins/callbacks.js";
import { type Completion, type Interpreter, NORMAL } from "../interpreter.js";
import { type Cause, Scope } from "../scope.js";
import type { Value } from "../value.js";
import { UNDEFINED, constant, entriesOf, itemsOf, unknown } from "../values.js";
import { assign } from "./assignments.js";
import { bind, declareVariable } from "./bindings.js";
import { outermost } from "./blocks.js";
import { evaluateCondition, observeOperand } from "./conditions.js";

export function executeForOf(interpreter: Interpreter, node: ts.ForOfStatement, scope: Scope): Completion {
  const value = interpreter.evaluate(node.expression, scope);
  observeOperand(interpreter, node.expression, value);
  return overItems(interpreter, node, value, scope);
}

export function executeForIn(interpreter: Interpreter, node: ts.ForInStatement, scope: Scope): Completion {
  const value = interpreter.evaluate(node.expression, scope);
  const names = namesIn(value);
  const keys: Value =
    names === undefined
      ? unknown("the names are not known before a run", node.expression)
      : { type: "list", items: [...names], complete: true, certainty: interpreter.certainty };
  return overItems(interpreter, node, keys, scope);
}

/** Those of a dict, and the places of a list. */
function namesIn(value: Value): readonly Value[] | undefined {
  if (value.type === "list") return value.complete ? value.items.map((_, index) => constant(String(index))) : undefined;
  return value.type === "dict" && value.complete ? entriesOf(value).map(([name]) => constant(name)) : undefined;
}

function overItems(
  interpreter: Interpreter,
  node: ts.ForOfStatement | ts.ForInStatement,
  value: Value,
  scope: Scope,
): Completion {
  const items = itemsOf(value);
  const turn = (item: Value): Completion => {
    const inner = new Scope(scope, interpreter.certainty);
    bindLoopVariable(interpreter, node.initializer, item, inner);
    return interpreter.execute(node.statement, inner);
  };
  if (items !== undefined) return turns(interpreter, node, items.values(), turn);
  const known = value.type === "list" ? value.items.slice(0, MAX_EXAMPLES) : [];
  const examples = known.length > 0 ? known : [unknown("it is an item of a list that is not known before a run", node)];
  return interpreter.perhaps(unknownLoop(node.expression), () =>
    maybeTurns(interpreter, turns(interpreter, node, examples.values(), turn)),
  );
}

/** `for (const x of …)` declares, `for (x of …)` assigns. */
function bindLoopVariable(interpreter: Interpreter, target: ts.ForInitializer, item: Value, scope: Scope): void {
  if (!ts.isVariableDeclarationList(target)) assign(interpreter, target, item, scope);
  else for (const { name } of target.declarations) bind(interpreter, name, item, scope);
}

export function executeFor(interpreter: Interpreter, node: ts.ForStatement, scope: Scope): Completion {
  let outer = new Scope(scope, interpreter.certainty);
  if (node.initializer !== undefined) {
    if (ts.isVariableDeclarationList(node.initializer)) {
      for (const declaration of node.initializer.declarations) declareVariable(interpreter, declaration, outer);
    } else {
      interpreter.evaluate(node.initializer, outer);
    }
  }
  const isOwn = node.initializer !== undefined && ts.isVariableDeclarationList(node.initializer);
  return whileTrue(
    interpreter,
    node,
    () => outer,
    node.condition,
    () => {
      // Functions that were made in a turn keep the variables of that turn.
      if (isOwn) outer = outer.copy();
      if (node.incrementor !== undefined) interpreter.evaluate(node.incrementor, outer);
    },
  );
}

export function executeWhile(interpreter: Interpreter, node: ts.WhileStatement, scope: Scope): Completion {
  return whileTrue(interpreter, node, () => scope, node.expression);
}

export function executeDo(interpreter: Interpreter, node: ts.DoStatement, scope: Scope): Completion {
  const first = endOfTurn(interpreter.execute(node.statement, scope), labelOf(node));
  return first.stop ?? whileTrue(interpreter, node, () => scope, node.expression);
}

function whileTrue(
  interpreter: Interpreter,
  node: ts.ForStatement | ts.WhileStatement | ts.DoStatement,
  scope: () => Scope,
  condition: ts.Expression | undefined,
  next?: () => void,
): Completion {
  let perhaps: Completion["perhaps"];
  while (!interpreter.isExhausted) {
    const goesOn = condition === undefined ? true : loopCondition(interpreter, condition, scope());
    if (goesOn === false) break;
    const turn = (): Completion => interpreter.execute(node.statement, scope());
    if (goesOn === undefined) {
      return maybeTurns(interpreter, interpreter.perhaps(unknownLoop(condition ?? node), turn));
    }
    const { stop, perhaps: left } = endOfTurn(turn(), labelOf(node));
    perhaps = outermost(perhaps, left);
    if (stop !== undefined) return { ...stop, perhaps: outermost(stop.perhaps, perhaps) };
    // Whether there is another turn is already unknown: one more would be a guess.
    if (perhaps !== undefined) break;
    next?.();
  }
  return { type: "normal", perhaps };
}

/** A loop that goes on for as long as a reference is there would never end: nobody means that. */
function loopCondition(interpreter: Interpreter, node: ts.Expression, scope: Scope): boolean | undefined {
  const { truth, value } = evaluateCondition(interpreter, node, scope);
  return value.type === "xcom" ? undefined : truth;
}

function turns(
  interpreter: Interpreter,
  node: ts.IterationStatement,
  items: Iterator<Value>,
  turn: (item: Value) => Completion,
): Completion {
  for (let next = items.next(); next.done !== true && !interpreter.isExhausted; next = items.next()) {
    const item = next.value;
    const { stop, perhaps } = endOfTurn(turn(item), labelOf(node));
    if (stop !== undefined) return stop;
    if (perhaps === undefined) continue;
    const rest = interpreter.perhaps(perhapsLeft(node), () => turns(interpreter, node, items, turn));
    return { ...rest, perhaps: outermost(rest.perhaps, perhaps === "function" ? "function" : undefined) };
  }
  return NORMAL;
}

/** What a turn that ended so means for the loop: `stop` where it is over, `perhaps` where it may be. */
function endOfTurn(
  completion: Completion,
  label: string | undefined,
): { readonly stop: Completion | undefined; readonly perhaps: Completion["perhaps"] } {
  const perhaps = completion.perhaps === "iteration" ? undefined : completion.perhaps;
  const isOwn = completion.label === undefined || completion.label === label;
  if (completion.type === "normal" || (completion.type === "continue" && isOwn)) return { stop: undefined, perhaps };
  const after = perhaps === "function" ? "function" : undefined;
  if (completion.type === "break" && isOwn) return { stop: { type: "normal", perhaps: after }, perhaps: after };
  return { stop: completion, perhaps };
}

/** After a loop of unknown length it is unknown whether it returned. */
function maybeTurns(interpreter: Interpreter, completion: Completion): Completion {
  if (completion.type === "return") interpreter.frame.returns.push(completion.value ?? UNDEFINED);
  const returns = completion.type === "return" || completion.type === "throw" || completion.perhaps === "function";
  return { type: "normal", perhaps: returns ? "function" : undefined };
}

function unknownLoop(node: ts.Node): Cause {
  return { what: "loop", reason: "how often this loop runs is not known before a run", node };
}

function perhapsLeft(node: ts.Node): Cause {
  return { what: "loop", reason: "when this loop ends depends on something unknown", node };
}

function labelOf(node: ts.Node): string | undefined {
  return ts.isLabeledStatement(node.parent) ? node.parent.label.text : undefined;
}
