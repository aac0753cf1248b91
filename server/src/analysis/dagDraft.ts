import type { ts } from "ts-morph";
import {
  type DagModel,
  type GroupNode,
  MODEL_VERSION,
  type Mapping,
  type TaskNode,
  type Unresolved,
} from "#core/model/dag.js";
import type { TriggerRule } from "#core/model/triggerRule.js";
import type { DagFacts, EdgeFacts, InputFacts, MappingFacts, TaskFacts } from "./facts.js";
import { type Cause, type Certainty, areExclusive, isWithin } from "./scope.js";
import { spanOf } from "./spans.js";
import type { Arguments, TaskHandle } from "./value.js";

/** What the `dag()` call itself says. */
export interface DagHead {
  readonly dag_id: string;
  readonly description: string | undefined;
  readonly schedule: string | null;
  readonly tags: readonly string[];
  readonly defaultArgs: Arguments;
  readonly call: ts.CallExpression;
  readonly dagIdNode: ts.Node | undefined;
}

/** One call that makes a task. */
export interface TaskRequest {
  readonly kind: "task" | "operator";
  /** Without group ids; `*` stands for what is not known. */
  readonly id: string;
  readonly operator: string;
  readonly triggerRule: TriggerRule;
  readonly mapping: Mapping | null;
  readonly mappingFacts: MappingFacts | null;
  readonly site: ts.Node;
  readonly origin: ts.Node;
  readonly definition: ts.Node | undefined;
  readonly idNode: ts.Node | undefined;
  readonly parameters: ReadonlySet<string> | undefined;
  readonly inputs: readonly InputFacts[];
  readonly options: readonly InputFacts[];
}

interface TaskDraft extends TaskHandle {
  readonly certainty: Certainty;
  readonly node: TaskNode;
  readonly facts: TaskFacts;
}

/** So many tasks of one name are looked at to find one that is made another way. */
const MAX_RIVALS = 20;

interface Place {
  readonly id: string;
  /** False where another task may or may not have the id that this one would get. */
  readonly isSure: boolean;
  /** The task that another way through the code makes in this place. */
  readonly rival?: TaskDraft;
}

/** A task group whose body is being followed. */
interface OpenGroup {
  readonly group_id: string;
  readonly tasks: TaskHandle[];
}

/** A DAG while its body is being followed. */
export class DagDraft {
  readonly #tasks = new Map<string, TaskDraft>();
  readonly #alternatives: TaskFacts[] = [];
  /** The next number for a repeated id. */
  readonly #suffixes = new Map<string, number>();
  /** Ids of which an earlier task may or may not take the next one. */
  readonly #unsure = new Set<string>();
  readonly #edges = new Map<string, EdgeFacts>();
  readonly #groups = new Map<string, GroupNode>();
  readonly #unresolved = new Map<string, Unresolved>();
  readonly #open: OpenGroup[] = [];

  constructor(
    readonly head: DagHead,
    /** Of the `dag()` call: what happens under it and nothing else is certain. */
    readonly certainty: Certainty,
  ) {}

  addTask(request: TaskRequest, certainty: Certainty): TaskHandle {
    this.#blame(certainty);
    const group = this.#open.at(-1);
    const baseId = group === undefined ? request.id : `${group.group_id}.${request.id}`;
    const { id: task_id, isSure, rival } = this.#place(baseId, certainty);
    if (rival !== undefined) {
      this.#alternatives.push(factsOf(request, rival.node, baseId));
      return rival;
    }
    const node: TaskNode = {
      task_id,
      operator: request.operator,
      group_id: group?.group_id ?? null,
      trigger_rule: request.triggerRule,
      mapping: request.mapping,
      certainty: baseId.includes("*") ? "pattern" : isSure && isWithin(this.certainty, certainty) ? "exact" : "maybe",
      span: spanOf(request.origin),
    };
    const facts = factsOf(request, node, baseId);
    const draft: TaskDraft = { task_id, mapped: request.mapping !== null, node, facts, certainty };
    this.#tasks.set(task_id, draft);
    for (const open of this.#open) open.tasks.push(draft);
    return draft;
  }

  addEdge(from: TaskHandle, to: TaskHandle, node: ts.Node, certainty: Certainty): void {
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
    if (!this.#unresolved.has(key)) this.#unresolved.set(key, { what, reason: sentence(reason), span: spanOf(node) });
  }

  /** Follows a group's body; returns the tasks that it made. */
  inGroup(id: string, mapping: Mapping | null, node: ts.Node, run: () => void): OpenGroup {
    const parent = this.#open.at(-1)?.group_id ?? null;
    const group_id = this.#uniqueGroupId(parent === null ? id : `${parent}.${id}`);
    const group: OpenGroup = { group_id, tasks: [] };
    this.#groups.set(group_id, { group_id, parent_id: parent, mapping, span: spanOf(node) });
    this.#open.push(group);
    try {
      run();
    } finally {
      this.#open.pop();
    }
    return group;
  }

  toFacts(): DagFacts {
    const { call, dagIdNode } = this.head;
    const drafts = [...this.#tasks.values()];
    return {
      model: this.#toModel(),
      call,
      dagIdNode,
      tasks: drafts.map(({ facts }) => facts),
      alternatives: this.#alternatives,
      edges: [...this.#edges.values()],
    };
  }

  #toModel(): DagModel {
    const { dag_id, description, schedule, tags, call } = this.head;
    return {
      modelVersion: MODEL_VERSION,
      origin: "read",
      dag_id,
      ...(description === undefined ? {} : { description }),
      schedule,
      tags,
      tasks: [...this.#tasks.values()].map(({ node }) => node),
      groups: [...this.#groups.values()],
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
   * `add`, then `add__1`, `add__2`, as the runtime names repeated calls of a task function; but of two calls of which
   * only one happens, both mean the same task.
   */
  #place(baseId: string, certainty: Certainty): Place {
    const core = baseId.replace(/__\d+$/, "");
    for (let id = baseId, suffix = 1; ; id = `${core}__${suffix++}`) {
      const taken = this.#tasks.get(id);
      if (taken === undefined) {
        this.#suffixes.set(core, suffix);
        return { id, isSure: !this.#unsure.has(core) };
      }
      if (areExclusive(taken.certainty, certainty)) return { id, isSure: true, rival: taken };
      if (!isWithin(certainty, taken.certainty)) {
        this.#unsure.add(core);
        this.#blame(taken.certainty);
      }
      // Behind the first few, the same ids are not gone through again for every task.
      if (suffix > MAX_RIVALS) suffix = Math.max(suffix, this.#suffixes.get(core) ?? 1);
    }
  }

  #uniqueGroupId(id: string): string {
    if (!this.#groups.has(id)) return id;
    let suffix = 1;
    while (this.#groups.has(`${id}__${suffix}`)) suffix++;
    return `${id}__${suffix}`;
  }
}

function factsOf(request: TaskRequest, node: TaskNode, baseId: string): TaskFacts {
  const { kind, site, origin, definition, idNode, parameters, inputs, options, mappingFacts: mapping } = request;
  return { node, kind, site, origin, definition, idNode, baseId, parameters, inputs, mapping, options };
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
}
