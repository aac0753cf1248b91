import { ts } from "ts-morph";
import { constructOperator } from "../api/operators.js";
import type { Interpreter } from "../interpreter.js";
import { Scope } from "../scope.js";
import { propertyName } from "../symbols.js";
import type { ClassValue, InstanceValue, OperatorClassValue, Value } from "../value.js";
import { UNDEFINED, unknown } from "../values.js";
import { inheritedMember, isStatic, lineage, noFields, ownBaseOf } from "./classes.js";
import { callFunction } from "./functions.js";

/** What `new` of a class of the user's own gives. */
export function instantiate(
  interpreter: Interpreter,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
): InstanceValue {
  const instance: InstanceValue = { type: "instance", of, fields: noFields(interpreter) };
  construct(interpreter, instance, of, args, site);
  return instance;
}

/** What `new` of an operator's class gives; a constructor of the user's own may make its arguments. */
export function instantiateOperator(
  interpreter: Interpreter,
  operator: OperatorClassValue,
  args: readonly Value[],
  site: ts.Node,
): Value {
  const { own } = operator;
  if (own === undefined) return constructOperator(interpreter, operator, args[0], site);
  const instance: InstanceValue = { type: "instance", of: own, fields: noFields(interpreter) };
  construct(interpreter, instance, own, args, site, operator);
  return instance.operator ?? unknown("the operator is made outside a DAG", site);
}

/** `operator` is what is made, as far as it is known here: `super(…)` finds its name by the instance's class. */
function construct(
  interpreter: Interpreter,
  self: InstanceValue,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
  operator?: OperatorClassValue,
): void {
  const constructor = of.declaration.members.find(
    (member): member is ts.ConstructorDeclaration => ts.isConstructorDeclaration(member) && member.body !== undefined,
  );
  if (constructor === undefined) {
    // Half-typed code may let classes extend each other in a circle.
    interpreter.nested(site, () => constructFrom(interpreter, self, of, args, site, operator));
    initializeFields(interpreter, self, of);
    return;
  }
  if (of.base === undefined) initializeFields(interpreter, self, of);
  callFunction(interpreter, { type: "function", node: constructor, scope: of.scope, self }, args, site);
}

/** What the base class makes of the arguments. */
function constructFrom(
  interpreter: Interpreter,
  self: InstanceValue,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
  operator?: OperatorClassValue,
): void {
  const ownBase = ownBaseOf(of);
  if (ownBase !== undefined) construct(interpreter, self, ownBase, args, site, operator);
  else if (of.base?.type === "operator-class") {
    const made = operator ?? operatorClassOf(self, of.base);
    const value = constructOperator(interpreter, made, args[0], site);
    if (value.type === "operator") self.operator = { ...value, self };
  }
}

/** The class that `new` was called with. */
function operatorClassOf({ of }: InstanceValue, base: OperatorClassValue): OperatorClassValue {
  const name = of.declaration.name?.text ?? base.name;
  return { type: "operator-class", name, declaration: of.declaration, own: of };
}

/** `super(…)` in a constructor. */
export function constructBase(
  interpreter: Interpreter,
  node: ts.CallExpression,
  args: readonly Value[],
  scope: Scope,
): Value {
  const { self } = scope;
  const of = classAround(node, self);
  if (self?.type !== "instance" || of === undefined) return UNDEFINED;
  interpreter.nested(node, () => constructFrom(interpreter, self, of, args, interpreter.sites.at(-1) ?? node));
  initializeFields(interpreter, self, of);
  return UNDEFINED;
}

/** `super.name` in a method. */
export function superMember(interpreter: Interpreter, node: ts.PropertyAccessExpression, scope: Scope): Value {
  const { self } = scope;
  const of = classAround(node, self);
  const member = self && of && inheritedMember(interpreter, ownBaseOf(of), node.name.text, self, node);
  return member ?? unknown(`'${node.name.text}' of the base class is not known before a run`, node);
}

/** The class whose code a node is, among those of what `this` is. */
function classAround(node: ts.Node, self: Value | undefined): ClassValue | undefined {
  let container: ts.Node = node;
  while (!ts.isClassLike(container) && !ts.isSourceFile(container)) container = container.parent;
  const own = self?.type === "instance" ? self.of : self?.type === "operator-class" ? self.own : self;
  return own?.type === "class" ? [...lineage(own)].find(({ declaration }) => declaration === container) : undefined;
}

function initializeFields(interpreter: Interpreter, self: InstanceValue, of: ClassValue): void {
  const scope = new Scope(of.scope, interpreter.certainty, self);
  for (const member of of.declaration.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member)) continue;
    const name = propertyName(member.name);
    const isDeclared = member.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) === true;
    if (name === undefined || isDeclared) continue;
    const value = member.initializer === undefined ? UNDEFINED : interpreter.evaluate(member.initializer, scope);
    self.fields.values.set(name, value);
  }
}
