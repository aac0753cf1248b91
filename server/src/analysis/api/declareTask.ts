import type { ts } from "ts-morph";
import type { Mapping, TaskNode } from "#core/model/dag.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import { DEFAULT_TRIGGER_RULE, TRIGGER_RULES, type TriggerRule } from "#core/model/triggerRule.js";
import type { DagDraft } from "../dagDraft.js";
import type { InputFacts, MappingFacts } from "../facts.js";
import type { Interpreter } from "../interpreter.js";
import { isNameless } from "../symbols.js";
import type { Arguments, DictEntry, TaskHandle, Value } from "../value.js";
import { UNDEFINED, argumentsOf, patternOf, tasksOf } from "../values.js";

/** Everything that one call says about the task it makes. */
export interface TaskCall {
  readonly kind: "task" | "operator";
  readonly operator: string;
  /** The name that stands in where no `task_id` is given. */
  readonly defaultId: { readonly text: string; readonly node: ts.Node } | undefined;
  readonly definition: ts.Node | undefined;
  /** As in `TaskFacts`. */
  readonly flavour: string | undefined;
  readonly fn: ts.SignatureDeclaration | undefined;
  readonly parameters: ReadonlySet<string> | undefined;
  readonly options: Arguments;
  readonly inputs: Arguments;
  readonly mapped: MappedCall | null;
  readonly role: TaskNode["role"] | null;
}

export interface MappedCall {
  readonly mapping: Mapping;
  readonly facts: MappingFacts | null;
  /** What is mapped over, by the name of the input. */
  readonly values: ReadonlyMap<string, DictEntry>;
}

/** Adds a task to the DAG whose body is being followed; undefined where there is none. */
export function declareTask(interpreter: Interpreter, call: TaskCall, origin: ts.Node): TaskHandle | undefined {
  const { dag } = interpreter;
  if (dag === undefined) {
    interpreter.findings.addNote("A task is made outside the body of a dag(): it belongs to no DAG.", origin);
    interpreter.observe("outside-dag", origin, UNDEFINED);
    return undefined;
  }
  const site = interpreter.siteOf(origin) ?? origin;
  const { id, node: idNode, isNamed } = readId(dag, call, site);
  const { kind, operator, definition, flavour, fn, parameters, mapped } = call;
  const handle = dag.addTask(
    {
      ...{ kind, id, operator, definition, flavour, fn, idNode, isNamed, parameters, site, origin },
      triggerRule: call.role === "teardown" ? DEFAULT_TRIGGER_RULE : readTriggerRule(dag, call.options, site),
      isTriggerRuleKnown: isTriggerRuleKnown(dag, call.options),
      role: call.role,
      mapping: mapped?.mapping ?? null,
      mappingFacts: mapped?.facts ?? null,
      inputs: inputFacts(call.inputs),
      options: inputFacts(call.options),
      optionsComplete: isWrittenOut(call.options),
    },
    interpreter.certainty,
  );
  interpreter.findings.addReferenceSite(origin);
  tellHidden(dag, call, site);
  drawInputEdges(interpreter, dag, handle, call.inputs.entries, site);
  if (mapped !== null) drawInputEdges(interpreter, dag, handle, mapped.values, site);
  return handle;
}

interface ReadId {
  readonly id: string;
  readonly node: ts.Node | undefined;
  readonly isNamed: boolean;
}

function readId(dag: DagDraft, call: TaskCall, site: ts.Node): ReadId {
  const given = call.options.entries.get("task_id");
  if (given !== undefined && !isUndefined(given.value)) {
    const node = given.site?.expression;
    const id = patternOf(given.value);
    if (id.includes("*"))
      dag.addUnresolved({ what: "task_id", reason: reasonFor(given.value, "task_id"), node: node ?? site });
    return { id, node, isNamed: id !== "" };
  }
  if (!call.options.complete) {
    const reason = "the options may hold a task_id that reading does not see";
    dag.addUnresolved({ what: "task_id", reason, node: site });
    return { id: "*", node: undefined, isNamed: true };
  }
  const { defaultId, kind, fn } = call;
  const isNamed = kind === "task" && !(fn !== undefined && isNameless(fn));
  return { id: defaultId?.text ?? "*", node: defaultId?.node, isNamed };
}

function isUndefined(value: Value): boolean {
  return value.type === "const" && value.value === undefined;
}

function reasonFor(value: Value, name: string): string {
  return value.type === "unknown" ? value.reason : `parts of the ${name} are not known before a run`;
}

function readTriggerRule(dag: DagDraft, options: Arguments, site: ts.Node): TriggerRule {
  const own = options.entries.get("trigger_rule");
  const isGiven = own !== undefined && !isUndefined(own.value);
  const given = isGiven ? own : dag.groups.defaultArgs.entries.get("trigger_rule");
  if (!isGiven && !(options.complete && dag.groups.defaultArgs.complete)) {
    const reason = "the options may hold a trigger_rule that reading does not see";
    dag.addUnresolved({ what: "value", reason, node: site });
  }
  if (given === undefined || isUndefined(given.value)) return DEFAULT_TRIGGER_RULE;
  const { value } = given;
  const rule = ruleIn(value);
  if (rule === undefined && value.type !== "const") {
    const node = given.site?.expression ?? site;
    dag.addUnresolved({ what: "value", reason: reasonFor(value, "trigger_rule"), node });
  }
  return rule ?? DEFAULT_TRIGGER_RULE;
}

/** A spread or variable that is not known may hold another one, as may `default_args`. */
function isTriggerRuleKnown(dag: DagDraft, options: Arguments): boolean {
  const { defaultArgs } = dag.groups;
  const own = options.entries.get("trigger_rule")?.value;
  if (own !== undefined && !isUndefined(own)) return options.complete && ruleIn(own) !== undefined;
  const inherited = defaultArgs.entries.get("trigger_rule")?.value;
  const isInherited = inherited !== undefined && !isUndefined(inherited);
  return options.complete && defaultArgs.complete && (!isInherited || ruleIn(inherited) !== undefined);
}

function ruleIn(value: Value): TriggerRule | undefined {
  return TRIGGER_RULES.find((known) => value.type === "const" && value.value === known);
}

/** Behind a spread or variable there may be inputs, and with them dependencies. */
function tellHidden(dag: DagDraft, call: TaskCall, site: ts.Node): void {
  if (call.inputs.complete) return;
  dag.addUnresolved({ what: "inputs", reason: "not all inputs of this call are written out", node: site });
}

function drawInputEdges(
  interpreter: Interpreter,
  dag: DagDraft,
  task: TaskHandle,
  entries: ReadonlyMap<string, DictEntry>,
  site: ts.Node,
): void {
  for (const { value, site: written } of entries.values()) {
    for (const upstream of tasksOf(value))
      dag.addEdge(upstream, task, written?.property ?? site, interpreter.certainty);
  }
}

/** The `default_args` among the options of a DAG or group. */
export function defaultArgsOf(options: Arguments): Arguments {
  const given = argumentsOf(options.entries.get("default_args")?.value);
  return { ...given, complete: given.complete && options.complete };
}

/** The inputs that some object literal writes out. */
export function inputFacts({ entries }: Arguments): InputFacts[] {
  return [...entries].flatMap(([name, { value, site }]) => (site === undefined ? [] : [{ name, ...site, value }]));
}

/** False where there are inputs that `inputFacts` does not show. */
export function isWrittenOut({ entries, complete }: Arguments): boolean {
  return complete && [...entries.values()].every(({ site }) => site !== undefined);
}

/** An operator takes its own arguments and the options of all operators as one object. */
export function splitOperatorArguments({ entries, complete }: Arguments): { options: Arguments; inputs: Arguments } {
  const all = [...entries];
  return {
    options: { entries: new Map(all.filter(([name]) => isBaseOperatorArgument(name))), complete },
    inputs: { entries: new Map(all.filter(([name]) => !isBaseOperatorArgument(name))), complete },
  };
}
