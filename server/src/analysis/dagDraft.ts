import type { ts } from "ts-morph";
import { type DagModel, MODEL_VERSION, type Mapping, type TaskNode, type Unresolved } from "#core/model/dag.js";
import { DEFAULT_TRIGGER_RULE, type TriggerRule } from "#core/model/triggerRule.js";
import { groupEnds } from "#core/model/groupEnds.js";
import type { DagFacts, EdgeFacts, ForeignUse, InputFacts, MappingFacts, TaskFacts, VolatileUse } from "./facts.js";
import { type Cause, type Certainty, areExclusive, isWithin } from "./scope.js";
import { GroupDrafts } from "./groupDrafts.js";
import { coreOf, suffixOf } from "./repeatedIds.js";
import { spanOf } from "./spans.js";
import type { Arguments, TaskHandle } from "./value.js";
import type { Volatility } from "./volatility.js";

/** What the `dag()` call itself says. */
export interface DagHead {
  readonly dag_id: string;
  readonly description: string | undefined;
  readonly schedule: string | null;
  readonly timezone: string;
  readonly start_date: string | undefined;
  readonly end_date: string | undefined;
  readonly tags: readonly string[];
  readonly defaultArgs: Arguments;
  readonly call: ts.CallExpression;
  readonly dagIdNode: ts.Node | undefined;
  readonly options: readonly InputFacts[];
  readonly optionsComplete: boolean;
  readonly body: ts.SignatureDeclaration | undefined;
}

/** One call that makes a task. */
export interface TaskRequest {
  readonly kind: "task" | "operator";
  /** Without group ids; `*` stands for what is not known. */
  readonly id: string;
  readonly operator: string;
  readonly triggerRule: TriggerRule;
  /** False where the rule stands in for one that is not known. */
  readonly isTriggerRuleKnown: boolean;
  readonly role: TaskNode["role"] | null;
  readonly mapping: Mapping | null;
  readonly mappingFacts: MappingFacts | null;
  readonly site: ts.Node;
  readonly origin: ts.Node;
  readonly definition: ts.Node | undefined;
  readonly flavour: string | undefined;
  readonly fn: ts.SignatureDeclaration | undefined;
  readonly idNode: ts.Node | undefined;
  readonly isNamed: boolean;
  readonly parameters: ReadonlySet<string> | undefined;
  readonly inputs: readonly InputFacts[];
  readonly options: readonly InputFacts[];
  readonly optionsComplete: boolean;
}

interface TaskDraft extends TaskHandle {
  readonly certainty: Certainty;
  /** False where another task may or may not have the id. */
  readonly isSure: boolean;
  /** What is said about a task after it is made changes these two. */
  node: TaskNode;
  facts: TaskFacts;
}

/** Tasks whose ids differ only in the number behind `__`. */
interface Core {
  readonly drafts: TaskDraft[];
  readonly highest: number;
  /** True where all of them are made whenever the DAG is. */
  readonly areCertain: boolean;
}

const NO_DRAFTS: Core = { drafts: [], highest: 0, areCertain: true };

interface Place {
  readonly id: string;
  /** False where another task may or may not have the id that this one would get. */
  readonly isSure: boolean;
  /** The task that another way through the code makes in this place. */
  readonly rival?: TaskDraft;
}

/** A DAG while its body is being followed. */
export class DagDraft {
  readonly #tasks = new Map<string, TaskDraft>();
  readonly #alternatives: TaskFacts[] = [];
  /** By what stands before the `__1` of their ids. */
  readonly #cores = new Map<string, Core>();
  readonly #edges = new Map<string, EdgeFacts>();
  readonly #unresolved = new Map<string, Unresolved>();
  readonly #volatile: VolatileUse[] = [];
  readonly #foreign: ForeignUse[] = [];
  readonly groups: GroupDrafts;

  constructor(
    readonly head: DagHead,
    /** Of the `dag()` call: what happens under it and nothing else is certain. */
    readonly certainty: Certainty,
    private readonly volatility: Volatility,
  ) {
    this.groups = new GroupDrafts(head.defaultArgs, (cause) => {
      this.#blame(cause);
    });
  }

  addTask(request: TaskRequest, certainty: Certainty): TaskHandle {
    this.#blame(certainty);
    const group = this.groups.current;
    const baseId = `${group?.prefix ?? ""}${request.id}`;
    const { id: task_id, isSure, rival } = this.#place(baseId, certainty);
    if (rival !== undefined) {
      this.#alternatives.push(factsOf(request, rival.node, baseId));
      this.groups.addTask(rival);
      return rival;
    }
    const node: TaskNode = {
      task_id,
      operator: request.operator,
      group_id: group?.group_id ?? null,
      trigger_rule: request.triggerRule,
      ...(request.role && { role: request.role }),
      mapping: request.mapping,
      certainty: this.#certaintyOf(baseId, isSure && (group?.isSure ?? true), certainty),
      span: spanOf(request.origin),
    };
    const facts = factsOf(request, node, baseId);
    const draft: TaskDraft = { task_id, mapped: request.mapping !== null, node, facts, certainty, isSure };
    this.#keep(draft);
    return draft;
  }

  #certaintyOf(id: string, isSure: boolean, certainty: Certainty): TaskNode["certainty"] {
    if (id.includes("*")) return "pattern";
    return isSure && isWithin(this.certainty, certainty) ? "exact" : "maybe";
  }

  /** Makes a task that is there already a setup or teardown. */
  mark({ task_id }: TaskHandle, role: "setup" | "teardown", certainty: Certainty): void {
    const draft = this.#tasks.get(task_id);
    if (draft === undefined || draft.node.role === role) return;
    this.#blame(certainty);
    const isCertain = isWithin(draft.certainty, certainty);
    const rule = role === "teardown" ? { trigger_rule: DEFAULT_TRIGGER_RULE } : {};
    draft.node = { ...draft.node, ...rule, role, ...(isCertain ? {} : { certainty: "maybe" }) };
    draft.facts = { ...draft.facts, node: draft.node };
  }

  addEdge(from: TaskHandle, to: TaskHandle, node: ts.Node, certainty: Certainty): void {
    const foreign = [from, to].find((task) => this.#tasks.get(task.task_id) !== task);
    if (foreign !== undefined) {
      this.#foreign.push({ task_id: foreign.task_id, node });
      return;
    }
    const key = JSON.stringify([from.task_id, to.task_id]);
    if (this.#edges.has(key)) return;
    this.#blame(certainty);
    this.#edges.set(key, { from: from.task_id, to: to.task_id, node });
  }

  /** `once`: only the first of its reason, wherever it is. */
  addUnresolved(cause: Cause, repeat?: "once"): void {
    const { what, reason, node } = cause;
    const place = repeat === "once" ? "" : `${node.getSourceFile().fileName}:${node.pos}:${node.end}`;
    const key = `${what} ${reason} ${place}`;
    if (this.#unresolved.has(key)) return;
    this.#unresolved.set(key, { what, reason: sentence(reason), span: spanOf(node) });
    const of = this.volatility.of(node);
    if (of !== undefined) this.#volatile.push({ what, node, of });
  }

  /** Those of a group's tasks that stand for it in dependencies, first (`roots`) or last (`leaves`). */
  endsOf(tasks: readonly TaskHandle[], end: "roots" | "leaves"): TaskHandle[] {
    const byId = new Map(tasks.map((task) => [task.task_id, task]));
    const roleOf = (task_id: string): TaskNode["role"] => this.#tasks.get(task_id)?.node.role;
    const ends = groupEnds({ members: [...byId.keys()], edges: this.#edges.values(), roleOf }, end);
    return ends.flatMap((task_id) => byId.get(task_id) ?? []);
  }

  toFacts(): DagFacts {
    const { call, dagIdNode, options, optionsComplete, body } = this.head;
    const drafts = [...this.#tasks.values()];
    return {
      model: this.#toModel(),
      call,
      certain: this.certainty.cause === undefined,
      ...{ dagIdNode, options, optionsComplete, body },
      tasks: drafts.map(({ facts }) => facts),
      volatile: this.#volatile,
      foreign: this.#foreign,
      groups: this.groups.all,
      groupAlternatives: this.groups.alternatives,
      alternatives: this.#alternatives,
      edges: [...this.#edges.values()],
    };
  }

  #toModel(): DagModel {
    const { dag_id, description, schedule, timezone, start_date, end_date, tags, call } = this.head;
    return {
      modelVersion: MODEL_VERSION,
      origin: "read",
      dag_id,
      ...(description === undefined ? {} : { description }),
      schedule,
      ...(timezone !== "UTC" && { timezone }),
      ...(start_date !== undefined && { start_date }),
      ...(end_date !== undefined && { end_date }),
      tags,
      tasks: [...this.#tasks.values()].map(({ node }) => node),
      groups: this.groups.all.map(({ node }) => node),
      edges: [...this.#edges.values()].map(({ from, to, node }) => ({ from, to, span: spanOf(node) })),
      unresolved: [...this.#unresolved.values()],
      span: spanOf(call),
    };
  }

  /** What is done only perhaps tells why, once it turns out to matter to the graph. */
  #blame(certainty: Certainty): void {
    for (
      let link = certainty;
      link.cause !== undefined && link !== this.certainty;
      link = link.parent ?? this.certainty
    ) {
      this.addUnresolved(link.cause);
    }
  }

  /**
   * `add`, then `add__1`, `add__2`, as the runtime numbers repeated calls of a task function; but of two calls of which
   * only one happens, both mean the same task.
   */
  #place(baseId: string, certainty: Certainty): Place {
    const core = coreOf(baseId);
    const { drafts, highest, areCertain } = this.#cores.get(core) ?? NO_DRAFTS;
    if (!this.#tasks.has(baseId)) return { id: baseId, isSure: true };
    if (areCertain) return { id: `${core}__${highest + 1}`, isSure: true };
    const others = drafts.filter((draft) => !areExclusive(draft.certainty, certainty));
    const isTaken = others.some(({ task_id }) => task_id === baseId);
    const id = isTaken ? `${core}__${highestOf(others) + 1}` : baseId;
    const rival = this.#tasks.get(id);
    if (rival !== undefined) return { id, isSure: true, rival };
    const unsure = others.filter((draft) => !isWithin(certainty, draft.certainty));
    for (const draft of unsure) this.#blame(draft.certainty);
    return { id, isSure: unsure.length === 0 && others.every(({ isSure }) => isSure) };
  }

  #keep(draft: TaskDraft): void {
    this.#tasks.set(draft.task_id, draft);
    const core = coreOf(draft.task_id);
    const before = this.#cores.get(core);
    // The list grows in place: copying it for each of thousands of tasks would be felt.
    const drafts = before?.drafts ?? [];
    drafts.push(draft);
    const isCertain = draft.certainty === this.certainty;
    this.#cores.set(core, {
      drafts,
      highest: Math.max(before?.highest ?? 0, suffixOf(draft.task_id)),
      areCertain: isCertain && (before?.areCertain ?? true),
    });
    this.groups.addTask(draft);
  }
}

function factsOf(request: TaskRequest, node: TaskNode, baseId: string): TaskFacts {
  const { kind, site, origin, definition, flavour, fn, idNode, isNamed, parameters } = request;
  const { inputs, mappingFacts: mapping, options, optionsComplete, isTriggerRuleKnown } = request;
  const task = { node, kind, site, origin, definition, flavour, fn, idNode, isNamed, baseId };
  return { ...task, parameters, inputs, mapping, options, optionsComplete, isTriggerRuleKnown };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}

function highestOf(drafts: readonly TaskDraft[]): number {
  return drafts.reduce((highest, { task_id }) => Math.max(highest, suffixOf(task_id)), 0);
}
