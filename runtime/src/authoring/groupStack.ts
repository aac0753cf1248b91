import type { SourcePoint } from "#core/model/source.js";
import type { GroupDeclaration, MappingDeclaration } from "./declaration.js";
import { checkId } from "./id.js";

type Values = Readonly<Record<string, unknown>>;

/** What a call of a group says about it. */
export interface GroupRequest {
  readonly group_id: string;
  /** False: ids inside do not begin with the group's. */
  readonly prefix_group_id: boolean;
  readonly default_args: Values;
  /** Null where the group is not mapped over. */
  readonly mapping: MappingDeclaration | null;
  /** Names of the inputs of which each instance gets a value of its own, and of those that all share. */
  readonly mapped: readonly string[];
  readonly given: readonly string[];
  readonly at: SourcePoint | undefined;
}

/** A task group whose body is running. */
interface OpenGroup {
  readonly group_id: string;
  /** What ids inside begin with: empty, or ids of groups and a dot. */
  readonly prefix: string;
  readonly defaultArgs: Values;
}

/** The groups of a DAG, and which of them the body that is running stands in. */
export class GroupStack {
  readonly #groups = new Map<string, GroupDeclaration>();
  /** Ids of the tasks inside a group, at any depth. */
  readonly #members = new Map<string, Set<string>>();
  /** The innermost mapped group around the content of a group, by the group's id. */
  readonly #mapped = new Map<string, string | null>();
  readonly #open: OpenGroup[] = [];

  constructor(readonly dagDefaults: Values) {}

  /** In order of their calls; outer groups stand before inner ones. */
  get all(): readonly GroupDeclaration[] {
    return [...this.#groups.values()];
  }

  /** What every task gets that does not say otherwise, here and now. */
  get defaultArgs(): Values {
    return this.#open.at(-1)?.defaultArgs ?? this.dagDefaults;
  }

  /** The innermost group whose body is running. */
  get current(): string | null {
    return this.#open.at(-1)?.group_id ?? null;
  }

  has(group_id: string): boolean {
    return this.#groups.has(group_id);
  }

  /** True while the body of the group runs. */
  isOpen(group_id: string): boolean {
    return this.#open.some((open) => open.group_id === group_id);
  }

  /** The innermost mapped group around what stands in `group_id`; null where there is none. */
  mappedGroupAround(group_id: string | null): string | null {
    return group_id === null ? null : (this.#mapped.get(group_id) ?? null);
  }

  /** An id as the groups around it make it. */
  childId(id: string): string {
    return `${this.#open.at(-1)?.prefix ?? ""}${id}`;
  }

  /** The id that the next call of a group gets: repeated calls get `__1`, as Airflow numbers them. */
  nextId(own: string, at: SourcePoint | undefined): string {
    checkId("group_id", own, at);
    return uniqueGroupId(this.childId(own), this.#groups);
  }

  /** Everything until `close` belongs to the group. */
  open(group_id: string, { prefix_group_id, default_args, mapping, mapped, given, at }: GroupRequest): void {
    const parent_id = this.current;
    this.#groups.set(group_id, Object.freeze({ group_id, parent_id, mapping, mapped, given, at }));
    this.#members.set(group_id, new Set());
    this.#mapped.set(group_id, mapping === null ? this.mappedGroupAround(parent_id) : group_id);
    const defaultArgs = { ...this.defaultArgs, ...default_args };
    this.#open.push({ group_id, prefix: prefix_group_id ? `${group_id}.` : "", defaultArgs });
  }

  close(): void {
    this.#open.pop();
  }

  /** The task belongs to every group whose body is running. */
  addMember(task_id: string): void {
    for (const { group_id } of this.#open) this.#members.get(group_id)?.add(task_id);
  }

  membersOf(group_id: string): ReadonlySet<string> {
    return this.#members.get(group_id) ?? new Set();
  }
}

function uniqueGroupId(id: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(id)) return id;
  const core = id.replace(/__\d+$/, "");
  const numbers = [...taken.keys()].flatMap((other) => {
    const [, before, digits] = /^(.*)__(\d+)$/.exec(other) ?? [];
    return before === core ? [Number(digits)] : [];
  });
  return `${core}__${Math.max(0, ...numbers) + 1}`;
}
