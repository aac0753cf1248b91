import { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { Scope } from "../scope.js";
import { nameOfFunction, propertyName, symbolOf } from "../symbols.js";
import type { ClassValue, Fields, InstanceValue, OperatorClassValue, Value } from "../value.js";
import { union } from "../values.js";
import { callFunction } from "./functions.js";

/** A class; one that extends an operator, however indirectly, is an operator class. */
export function classValue(interpreter: Interpreter, declaration: ts.ClassLikeDeclaration, scope: Scope): Value {
  const base = evaluateBase(interpreter, declaration, scope);
  const own: ClassValue = { type: "class", declaration, scope, base, statics: noFields(interpreter) };
  const name = nameOfFunction(declaration) ?? "";
  const made: ClassValue | OperatorClassValue =
    base?.type === "operator-class" ? { type: "operator-class", name, declaration, own } : own;
  const symbol = declaration.name && symbolOf(interpreter.checker, declaration.name);
  // Static fields and blocks may speak of the class by its name.
  if (symbol !== undefined) scope.declare(symbol, made);
  initializeStatics(interpreter, own, made);
  return made;
}

export function noFields({ certainty }: Interpreter): Fields {
  return { values: new Map(), certainty };
}

function evaluateBase(interpreter: Interpreter, declaration: ts.ClassLikeDeclaration, scope: Scope): Value | undefined {
  const heritage = declaration.heritageClauses?.find((clause) => clause.token === ts.SyntaxKind.ExtendsKeyword);
  const [base] = heritage?.types ?? [];
  return base && interpreter.evaluate(base.expression, scope);
}

/** Half-typed code may let a class extend itself. */
const MAX_BASES = 20;

/** The class and its base classes, as far as they are the user's own. */
export function* lineage(start: ClassValue | undefined): Generator<ClassValue> {
  let of = start;
  for (let count = 0; count < MAX_BASES && of !== undefined; count++) {
    yield of;
    of = ownBaseOf(of);
  }
}

export function ownBaseOf({ base }: ClassValue): ClassValue | undefined {
  if (base?.type === "class") return base;
  return base?.type === "operator-class" ? base.own : undefined;
}

function initializeStatics(interpreter: Interpreter, { declaration, scope, statics }: ClassValue, self: Value): void {
  const inner = new Scope(scope, interpreter.certainty, self);
  for (const member of declaration.members) {
    if (ts.isClassStaticBlockDeclaration(member)) interpreter.execute(member.body, inner);
    if (!ts.isPropertyDeclaration(member) || !isStatic(member) || member.initializer === undefined) continue;
    const name = propertyName(member.name);
    if (name !== undefined) statics.values.set(name, interpreter.evaluate(member.initializer, inner));
  }
}

/** A field, method or getter of an instance, its base classes' included. */
export function instanceMember(
  interpreter: Interpreter,
  self: InstanceValue,
  name: string,
  site: ts.Node,
): Value | undefined {
  const field = self.fields.values.get(name);
  if (field !== undefined) return field;
  const member = inheritedMember(interpreter, self.of, name, self, site);
  return member ?? (self.operator && interpreter.readMember(self.operator, name, site));
}

/** A method or getter that `of` has or inherits: what `super.name` is, where `of` is the base class. */
export function inheritedMember(
  interpreter: Interpreter,
  of: ClassValue | undefined,
  name: string,
  self: Value,
  site: ts.Node,
): Value | undefined {
  const isStaticMember = self.type === "class" || self.type === "operator-class";
  for (const each of lineage(of)) {
    const field = isStaticMember ? each.statics.values.get(name) : undefined;
    const member = field ?? memberValue(interpreter, each, name, isStaticMember, self, site);
    if (member !== undefined) return member;
  }
  return undefined;
}

/** `self` is what `this` is in it: the class that it was asked of. */
export function staticMember(
  interpreter: Interpreter,
  of: ClassValue | undefined,
  self: ClassValue | OperatorClassValue,
  name: string,
  site: ts.Node,
): Value | undefined {
  return inheritedMember(interpreter, of, name, self, site);
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
    if (ts.isGetAccessorDeclaration(member) && member.body !== undefined) {
      return callFunction(interpreter, { type: "function", node: member, scope: of.scope, self }, [], site);
    }
  }
  return undefined;
}

/** `receiver.name = value`, where the receiver is an instance or a class. */
export function setClassMember(
  interpreter: Interpreter,
  receiver: Value,
  name: string,
  value: Value,
  site: ts.Node,
): void {
  const isInstance = receiver.type === "instance";
  const of = isInstance ? receiver.of : receiver.type === "operator-class" ? receiver.own : receiver;
  if (of?.type !== "class") return;
  for (const each of lineage(of)) {
    const setter = each.declaration.members.find(
      (member) =>
        ts.isSetAccessorDeclaration(member) && propertyName(member.name) === name && isStatic(member) !== isInstance,
    );
    if (setter !== undefined && ts.isSetAccessorDeclaration(setter)) {
      callFunction(interpreter, { type: "function", node: setter, scope: each.scope, self: receiver }, [value], site);
      return;
    }
  }
  setField(interpreter, isInstance ? receiver.fields : of.statics, name, value);
}

function setField(interpreter: Interpreter, { values, certainty }: Fields, name: string, value: Value): void {
  const before = values.get(name);
  const isCertain = before === undefined || interpreter.isCertainFor(certainty);
  values.set(name, isCertain ? value : union([before, value]));
}

export function isStatic(member: ts.ClassElement): boolean {
  const modifiers = ts.canHaveModifiers(member) ? (ts.getModifiers(member) ?? []) : [];
  return modifiers.some((modifier) => modifier.kind === ts.SyntaxKind.StaticKeyword);
}
