import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { Scope } from "../scope.js";
import { nameOfFunction, propertyName } from "../symbols.js";
import type { ClassValue, InstanceValue, Value } from "../value.js";
import { UNDEFINED } from "../values.js";
import { callFunction } from "./functions.js";

/** A class; one that extends an operator, however indirectly, is an operator class. */
export function classValue(interpreter: Interpreter, declaration: ts.ClassLikeDeclaration, scope: Scope): Value {
  const made: ClassValue = { type: "class", declaration, scope };
  const base = baseOf(interpreter, made);
  if (base?.type !== "operator-class") return made;
  return { type: "operator-class", name: nameOfFunction(declaration) ?? "", declaration };
}

/** Half-typed code may let a class extend itself. */
const MAX_BASES = 20;

/** The class and its base classes, as far as they are the user's own. */
function* lineage(interpreter: Interpreter, start: ClassValue): Generator<ClassValue> {
  let of: Value | undefined = start;
  for (let count = 0; count < MAX_BASES && of?.type === "class"; count++) {
    yield of;
    of = baseOf(interpreter, of);
  }
}

function baseOf(interpreter: Interpreter, { declaration, scope }: ClassValue): Value | undefined {
  const heritage = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const [base] = heritage?.types ?? [];
  return base && interpreter.evaluate(base.expression, scope);
}

/** What `new` of a class of the user's own gives. */
export function instantiate(
  interpreter: Interpreter,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
): InstanceValue {
  const instance: InstanceValue = { type: "instance", of, fields: new Map() };
  construct(interpreter, instance, of, args, site);
  return instance;
}

function construct(
  interpreter: Interpreter,
  self: InstanceValue,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
): void {
  const { members } = of.declaration;
  const constructor = members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
  if (constructor === undefined || !ts.isConstructorDeclaration(constructor)) {
    constructInherited(interpreter, self, of, args, site);
    return;
  }
  initializeFields(interpreter, self, of);
  for (const [index, parameter] of constructor.parameters.entries()) {
    const isProperty = parameter.modifiers !== undefined && ts.isIdentifier(parameter.name);
    if (isProperty) self.fields.set(parameter.name.text, args[index] ?? UNDEFINED);
  }
  callFunction(interpreter, { type: "function", node: constructor, scope: of.scope, self }, args, site);
}

/** A class without a constructor passes its arguments on to its base class. */
function constructInherited(
  interpreter: Interpreter,
  self: InstanceValue,
  of: ClassValue,
  args: readonly Value[],
  site: ts.Node,
): void {
  const base = baseOf(interpreter, of);
  // Half-typed code may let classes extend each other in a circle.
  if (base?.type === "class") interpreter.nested(site, () => construct(interpreter, self, base, args, site));
  initializeFields(interpreter, self, of);
}

/** `super(…)` in a constructor. */
export function constructBase(
  interpreter: Interpreter,
  node: ts.CallExpression,
  args: readonly Value[],
  scope: Scope,
): Value {
  const { self } = scope;
  let container: ts.Node = node;
  while (!ts.isClassLike(container) && !ts.isSourceFile(container)) container = container.parent;
  if (self?.type !== "instance" || !ts.isClassLike(container)) return UNDEFINED;
  const base = baseOf(interpreter, { type: "class", declaration: container, scope });
  if (base?.type === "class") interpreter.nested(node, () => construct(interpreter, self, base, args, node));
  return UNDEFINED;
}

function initializeFields(interpreter: Interpreter, self: InstanceValue, of: ClassValue): void {
  const scope = new Scope(of.scope, interpreter.certainty, self);
  for (const member of of.declaration.members) {
    if (!ts.isPropertyDeclaration(member) || isStatic(member)) continue;
    const name = propertyName(member.name);
    if (name === undefined) continue;
    self.fields.set(
      name,
      member.initializer === undefined ? UNDEFINED : interpreter.evaluate(member.initializer, scope),
    );
  }
}

/** A method or getter of an instance, its base classes' included. */
export function instanceMember(
  interpreter: Interpreter,
  self: InstanceValue,
  name: string,
  site: ts.Node,
): Value | undefined {
  const field = self.fields.get(name);
  if (field !== undefined) return field;
  for (const each of lineage(interpreter, self.of)) {
    const member = memberValue(interpreter, each, name, false, self, site);
    if (member !== undefined) return member;
  }
  return undefined;
}

export function staticMember(
  interpreter: Interpreter,
  self: ClassValue,
  name: string,
  site: ts.Node,
): Value | undefined {
  for (const each of lineage(interpreter, self)) {
    const member = memberValue(interpreter, each, name, true, self, site);
    if (member !== undefined) return member;
  }
  return undefined;
}

function memberValue(
  interpreter: Interpreter,
  of: ClassValue,
  name: string,
  wantsStatic: boolean,
  self: Value,
  site: ts.Node,
): Value | undefined {
  for (const member of of.declaration.members) {
    if (member.name === undefined || propertyName(member.name) !== name || isStatic(member) !== wantsStatic) continue;
    if (ts.isMethodDeclaration(member) && member.body !== undefined) {
      return { type: "function", node: member, scope: of.scope, self };
    }
    if (ts.isGetAccessorDeclaration(member)) {
      return callFunction(interpreter, { type: "function", node: member, scope: of.scope, self }, [], site);
    }
    if (wantsStatic && ts.isPropertyDeclaration(member) && member.initializer !== undefined) {
      return interpreter.evaluate(member.initializer, new Scope(of.scope, interpreter.certainty, self));
    }
  }
  return undefined;
}

function isStatic(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
}
