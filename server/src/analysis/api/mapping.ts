import { ts } from "ts-morph";
import type { MapSource, MappedInput, Mapping } from "#core/model/dag.js";
import type { MappingFacts, PartialFacts } from "../facts.js";
import type { Interpreter } from "../interpreter.js";
import { operatorParameterNames, parameterNames } from "../parameters.js";
import { spanOf } from "../spans.js";
import { unwrap } from "../symbols.js";
import type { Arguments, DictEntry, PartialValue, Value } from "../value.js";
import { argumentsOf, lengthOf, mergeArguments, tasksOf } from "../values.js";
import { type MappedCall, inputFacts, isWrittenOut } from "./declareTask.js";
import { groupParameters } from "./groups.js";

export type MappingKind = Mapping["kind"];

/** What can be mapped: a task function, operator class or group, without a `partial`. */
export type MappingTarget = PartialValue["of"];

/** `target.partial({ … })`, and `.partial` once more. */
export function makePartial(
  interpreter: Interpreter,
  of: MappingTarget,
  given: Arguments,
  earlier: PartialValue | undefined,
  name: string | undefined,
  site: ts.Node,
): PartialValue {
  const inputs = earlier === undefined ? given : mergeArguments(earlier.inputs, given);
  const call = callAt(interpreter, site);
  const facts: PartialFacts = { call, inputs: inputFacts(inputs), name, parameters: parametersOf(interpreter, of) };
  // One that is made outside a DAG may be there for other files.
  if (interpreter.dag !== undefined) interpreter.findings.addPartial(facts);
  return { type: "partial", of, facts, inputs };
}

function parametersOf(interpreter: Interpreter, of: MappingTarget): ReadonlySet<string> | undefined {
  if (of.type === "task-function") return parameterNames(interpreter.checker, of.fn);
  if (of.type === "group-function") return groupParameters(interpreter, of);
  return operatorParameterNames(interpreter.checker, of.declaration);
}

/** The call that a site is; a getter or constructor that makes a task is stood in for by the call that led to it. */
function callAt(interpreter: Interpreter, site: ts.Node): ts.CallExpression {
  const call = [site, ...[...interpreter.sites].reverse()].find(ts.isCallExpression);
  return call ?? interpreter.dag?.head.call ?? ts.factory.createCallExpression(ts.factory.createNull(), [], []);
}

/** Reads the argument of `expand` or `expand_kwargs`. */
export function readMapping(
  interpreter: Interpreter,
  kind: MappingKind,
  argument: Value | undefined,
  partial: PartialValue | undefined,
  site: ts.Node,
): MappedCall {
  if (partial !== undefined) interpreter.findings.usePartial(partial);
  const args = kind === "expand" ? argumentsOf(argument) : kwargsOf(argument);
  const inputs = [...args.entries].map(([name, entry]) => mappedInput(interpreter, name, entry, site));
  if (!args.complete && kind === "expand") {
    const reason = "not all inputs that are expanded are written out";
    interpreter.dag?.addUnresolved({ what: "mapping", reason, node: interpreter.siteOf(site) ?? site });
    inputs.push({ name: "*", source: { type: "unresolved" } });
  }
  return {
    mapping: { kind, inputs },
    facts: mappingFacts(interpreter, { kind, argument, args, partial }, site),
    values: args.entries,
  };
}

/** `expand_kwargs` has one input: the list of dicts. */
function kwargsOf(argument: Value | undefined): Arguments {
  if (argument === undefined) return { entries: new Map(), complete: false };
  return { entries: new Map([["kwargs", { value: argument, site: undefined }]]), complete: true };
}

function mappedInput(interpreter: Interpreter, name: string, entry: DictEntry, site: ts.Node): MappedInput {
  const span = entry.site === undefined ? undefined : spanOf(entry.site.property);
  return { name, source: sourceOf(interpreter, entry, site), ...(span === undefined ? {} : { span }) };
}

function sourceOf(interpreter: Interpreter, { value, site: written }: DictEntry, site: ts.Node): MapSource {
  const upstream = tasksOf(value).map(({ task_id }) => task_id);
  const length = lengthOf(value);
  if (value.type === "xcom") return { type: "xcom", upstream, ...(length === undefined ? {} : { length }) };
  if ((value.type === "list" || value.type === "dict") && length !== undefined) {
    return { type: "literal", length, ...(upstream.length === 0 ? {} : { upstream }) };
  }
  if (isUndecided(value)) {
    const reason = value.type === "unknown" ? value.reason : "what is mapped over is not known in full before a run";
    interpreter.dag?.addUnresolved({
      what: "mapping",
      reason,
      node: written?.expression ?? interpreter.siteOf(site) ?? site,
    });
  }
  return { type: "unresolved" };
}

/** Not known; what is known and cannot be mapped over is a mistake for a rule. */
function isUndecided(value: Value): boolean {
  return ["unknown", "union", "list", "dict", "pattern"].includes(value.type);
}

function mappingFacts(
  interpreter: Interpreter,
  given: {
    readonly kind: MappingKind;
    readonly argument: Value | undefined;
    readonly args: Arguments;
    readonly partial: PartialValue | undefined;
  },
  site: ts.Node,
): MappingFacts {
  const { kind, argument, args, partial } = given;
  const call = callAt(interpreter, site);
  const callee = unwrap(call.expression);
  const nameNode = ts.isPropertyAccessExpression(callee) ? callee.name : callee;
  const complete = kind === "expand" && isWrittenOut(args);
  return { kind, call, nameNode, inputs: inputFacts(args), complete, argument, partial: partial?.facts ?? null };
}
