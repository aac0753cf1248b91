import type { GroupNode, Mapping } from "#core/model/dag.js";
import type { GroupFacts } from "./facts.js";
import { coreOf, suffixOf } from "./repeatedIds.js";
import { type Certainty, areExclusive, isWithin } from "./scope.js";
import { spanOf } from "./spans.js";
import type { Arguments, TaskHandle } from "./value.js";
import { mergeArguments } from "./values.js";

/** One call of a task group. */
export interface GroupRequest {
  /** Without the ids of the groups around it; `*` stands for what is not known. */
  readonly id: string;
  /** False: ids inside do not begin with the group's. */
  readonly prefix: boolean;
  readonly defaultArgs: Arguments;
  readonly mapping: Mapping | null;
  readonly facts: Omit<GroupFacts, "node">;
}

/** A task group whose body is being followed. */
export interface OpenGroup {
  readonly group_id: string;
  /** What ids inside begin with: empty, or ids of groups and a dot. */
  readonly prefix: string;
  /** False where another group may or may not have the id, so that this one's may be another. */
  readonly isSure: boolean;
  readonly defaultArgs: Arguments;
  readonly tasks: TaskHandle[];
}

interface GroupDraft {
  readonly facts: GroupFacts;
  readonly certainty: Certainty;
}

/** The groups of a DAG, and those whose bodies are being followed. */
export class GroupDrafts {
  readonly #groups = new Map<string, GroupDraft>();
  readonly #open: OpenGroup[] = [];
  /** Calls that make a group of `all` another way: in the `else` where the first call is in the `if`. */
  readonly alternatives: GroupFacts[] = [];

  constructor(
    readonly dagDefaults: Arguments,
    /** Tells why a group is there only perhaps. */
    private readonly blame: (certainty: Certainty) => void,
  ) {}

  get all(): readonly GroupFacts[] {
    return [...this.#groups.values()].map(({ facts }) => facts);
  }

  get current(): OpenGroup | undefined {
    return this.#open.at(-1);
  }

  /** What every task gets that does not say otherwise, in the body that is being followed. */
  get defaultArgs(): Arguments {
    return this.current?.defaultArgs ?? this.dagDefaults;
  }

  /** Follows a group's body; returns the tasks that it made. */
  follow(request: GroupRequest, certainty: Certainty, run: () => void): OpenGroup {
    const parent = this.current;
    const { group_id, isSure } = this.#place(`${parent?.prefix ?? ""}${request.id}`, certainty);
    this.#keep(group_id, request, certainty);
    const group: OpenGroup = {
      group_id,
      prefix: request.prefix ? `${group_id}.` : "",
      isSure: isSure && (parent?.isSure ?? true),
      defaultArgs: mergeArguments(this.defaultArgs, request.defaultArgs),
      tasks: [],
    };
    this.#open.push(group);
    try {
      run();
    } finally {
      this.#open.pop();
    }
    return group;
  }

  /** The task belongs to every group whose body is being followed. */
  addTask(task: TaskHandle): void {
    for (const open of this.#open) open.tasks.push(task);
  }

  #keep(group_id: string, { mapping, facts }: GroupRequest, certainty: Certainty): void {
    const parent_id = this.current?.group_id ?? null;
    const node: GroupNode = { group_id, parent_id, mapping, span: spanOf(facts.origin) };
    if (this.#groups.has(group_id)) this.alternatives.push({ ...facts, node });
    else this.#groups.set(group_id, { facts: { ...facts, node }, certainty });
  }

  /** As ids of tasks: `g`, then `g__1`; but of two calls of which only one happens, both mean the same group. */
  #place(id: string, certainty: Certainty): { readonly group_id: string; readonly isSure: boolean } {
    if (!this.#groups.has(id)) return { group_id: id, isSure: true };
    const same = [...this.#groups].filter(([other]) => coreOf(other) === coreOf(id));
    const others = same.filter(([, other]) => !areExclusive(other.certainty, certainty));
    const isTaken = others.some(([other]) => other === id);
    const unsure = others.filter(([, other]) => !isWithin(certainty, other.certainty));
    if (isTaken) for (const [, other] of unsure) this.blame(other.certainty);
    const highest = others.reduce((most, [other]) => Math.max(most, suffixOf(other)), 0);
    return { group_id: isTaken ? `${coreOf(id)}__${highest + 1}` : id, isSure: !isTaken || unsure.length === 0 };
  }
}
