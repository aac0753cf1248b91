import type {
  RawGroup,
  RawItem,
  RawMapping,
  RawProgram,
  RawReference,
  RawSource,
  RawTask,
  RawValue,
} from "./arbitrary.js";
import { readNodes } from "./evaluateGraph.js";
import {
  type GroupStep,
  type Json,
  type Mapping,
  type Program,
  RULES,
  type Reference,
  type Rule,
  type TaskStep,
  type Value,
  sourcesIn,
  tasksIn,
  tasksOf,
} from "./program.js";

/** Makes a program of what was drawn that breaks no rule of writing: it is refused by nothing, whatever it does then. */
export function readProgram(raw: RawProgram): Program {
  const reader = new Reader();
  const steps = raw.steps.map((step, index) =>
    step.type === "group" ? reader.group(step, `g${String(index)}`) : reader.task(step, `t${String(index)}`, null),
  );
  const unlinked = { maxMapLength: raw.maxMapLength, steps, links: [] };
  const program = { ...unlinked, links: readLinks(raw.links, unlinked) };
  return withFollowers(program, reader.follows);
}

/** The group whose tasks are being read. */
interface Surroundings {
  readonly id: string;
  readonly arguments: readonly string[];
  readonly isMapped: boolean;
}

class Reader {
  /** Every task so far, and whether its result may be mapped over. */
  readonly #tasks: { readonly id: string; readonly isMappable: boolean }[] = [];
  readonly follows = new Map<string, readonly number[]>();

  task(raw: RawTask, name: string, around: Surroundings | null): TaskStep {
    const id = around === null ? name : `${around.id}.${name}`;
    const inputs = raw.inputs.map((value, index): [string, Value] => [`ab`.charAt(index), this.#value(value, around)]);
    // Where branches and short circuits may be mapped, and setups and teardowns stand, is a matter of its own.
    const kind = around !== null && (raw.kind === "setup" || raw.kind === "teardown") ? "task" : raw.kind;
    const mayMap = around === null && kind !== "branch" && kind !== "short_circuit";
    const mapping = mayMap ? this.#mapping(raw.mapping, ["x", "y"], around) : null;
    this.#tasks.push({ id, isMappable: around?.isMapped !== true });
    if (kind === "branch" || kind === "short_circuit") this.follows.set(id, raw.follows);
    const own = mapping?.kind === "expand" ? mapping.inputs.map(([given]) => given) : mapping ? ["x", "y"] : [];
    return {
      ...{ type: "task", id, kind, ignoresRules: (raw.follows[0] ?? 0) % 2 === 0 },
      failsRun: raw.failsRun && kind === "teardown",
      ...{ rule: readRule(raw, mapping, around), retries: raw.retries, pushes: raw.pushes },
      multipleOutputs: raw.multipleOutputs && kind === "task",
      script: {
        returns: kind === "short_circuit" ? raw.follows.map((pick) => pick % 3 !== 0) : raw.returns,
        acts: raw.acts,
      },
      ...{ parameters: [...inputs.map(([given]) => given), ...own], inputs, mapping },
    };
  }

  group(raw: RawGroup, id: string): GroupStep {
    const inputs = raw.inputs.map((value): [string, Value] => ["r", this.#value(value, null)]);
    const mapping = this.#mapping(raw.mapping, ["p", "q"], null);
    const own = mapping?.kind === "expand" ? mapping.inputs.map(([given]) => given) : mapping ? ["x", "y"] : [];
    const parameters = [...inputs.map(([given]) => given), ...own];
    const around = { id, arguments: parameters, isMapped: mapping !== null };
    const tasks = raw.tasks.map((task, index) => this.task(task, `t${String(index)}`, around));
    return { type: "group", id, parameters, inputs, mapping, tasks };
  }

  #mapping(raw: RawMapping | null, names: readonly string[], around: Surroundings | null): Mapping | null {
    if (raw === null) return null;
    if (raw.kind === "expand") {
      const inputs = raw.inputs.map((source, index): [string, Value] => [
        names[index] ?? "",
        this.#source(source, around),
      ]);
      return { kind: "expand", inputs };
    }
    const reference = raw.items === null ? this.#reference(raw.reference, true) : null;
    if (reference) return { kind: "expand_kwargs", source: reference };
    const items = (raw.items ?? []).map((item) => this.#item(item, around));
    return { kind: "expand_kwargs", source: { type: "list", items } };
  }

  #item(raw: RawItem, around: Surroundings | null): Value {
    if (raw.type !== "dict")
      return this.#reference(raw, true) ?? { type: "dict", entries: [["x", { type: "json", value: 1 }]] };
    const entries: [string, Value][] = [["x", this.#whole(raw.x, around)]];
    if (raw.y) entries.push(["y", this.#whole(raw.y, around)]);
    return { type: "dict", entries };
  }

  #source(raw: RawSource, around: Surroundings | null): Value {
    if (raw.type === "literal") return { type: "json", value: raw.value };
    if (raw.type === "values") return { type: "list", items: raw.values.map((value) => this.#whole(value, around)) };
    return this.#reference(raw, true) ?? { type: "json", value: [1, 2] };
  }

  /** A value that may stand in what is mapped over, where entries of results must not. */
  #whole(raw: RawValue, around: Surroundings | null): Value {
    const value = this.#value(raw, around);
    return hasEntry(value) ? { type: "json", value: 1 } : value;
  }

  #value(raw: RawValue, around: Surroundings | null): Value {
    switch (raw.type) {
      case "json":
        return raw;
      case "list":
        return { type: "list", items: raw.values.map((value) => this.#value(value, around)) };
      case "dict":
        return {
          type: "dict",
          entries: raw.values.map((value, index) => ["kl".charAt(index), this.#value(value, around)]),
        };
      case "argument": {
        const names = around?.arguments ?? [];
        const name = names[raw.pick % names.length];
        return name === undefined ? { type: "json", value: raw.pick } : { type: "argument", name };
      }
      case "get": {
        const task = this.#tasks[raw.pick % this.#tasks.length];
        if (!task) return { type: "json", value: raw.key };
        return { type: "get", task: task.id, key: raw.key };
      }
      default:
        return this.#reference(raw, false) ?? { type: "json", value: 0 };
    }
  }

  /** Null where there is nothing yet to refer to. */
  #reference(raw: RawReference, mustBeMappable: boolean): Reference | null {
    switch (raw.type) {
      case "result": {
        const tasks = this.#tasks.filter(({ isMappable }) => isMappable || !mustBeMappable);
        const task = tasks[raw.pick % tasks.length];
        return task ? { type: "result", task: task.id } : null;
      }
      case "map": {
        const of = this.#reference(raw.of, mustBeMappable);
        return of && { ...raw, of };
      }
      default: {
        const of = raw.of.map((part) => this.#reference(part, mustBeMappable)).filter((part) => part !== null);
        return of.length === 0 ? null : { ...raw, of };
      }
    }
  }
}

/** `always` does not wait for what is mapped over, and is refused where that is a result. */
function readRule(raw: RawTask, mapping: Mapping | null, around: Surroundings | null): Rule {
  const rule = RULES[raw.rule % RULES.length] ?? "all_success";
  const waits =
    around?.isMapped === true || (mapping !== null && sourcesIn(mapping).some((value) => tasksIn(value).length > 0));
  return rule === "always" && waits ? "all_success" : rule;
}

function hasEntry(value: Value): boolean {
  if (value.type === "list") return value.items.some(hasEntry);
  if (value.type === "dict") return value.entries.some(([, inner]) => hasEntry(inner));
  return value.type === "get";
}

/** Edges lead from what was made earlier to what was made later, so there are no circles. */
function readLinks(raw: RawProgram["links"], program: Program): [string, string][] {
  const steps = program.steps.flatMap((step, index) =>
    step.type === "task"
      ? [{ id: step.id, from: index, to: index }]
      : [
          { id: step.id, from: index, to: index },
          ...step.tasks.map(({ id }, inner) => ({
            id,
            from: index + (inner + 1) / 100,
            to: index + (inner + 1) / 100,
          })),
        ],
  );
  return raw.flatMap(([one, other]): [string, string][] => {
    const [a, b] = [steps[one % steps.length], steps[other % steps.length]];
    if (!a || !b || a.from === b.from) return [];
    const [first, second] = a.from < b.from ? [a, b] : [b, a];
    return second.id.startsWith(`${first.id}.`) ? [] : [[first.id, second.id]];
  });
}

/** A branch names tasks right behind it: in a mapped group, those of its group. */
function withFollowers(program: Program, follows: ReadonlyMap<string, readonly number[]>): Program {
  const nodes = readNodes(program);
  const groupOf = new Map(tasksOf(program).map(({ task, group }) => [task.id, group?.mapping ? group.id : null]));
  const follow = (task: TaskStep): TaskStep => {
    if (task.kind !== "branch") return task;
    const next = [...nodes.values()].filter(({ upstream }) => upstream.includes(task.id)).map((node) => node.task.id);
    const group = groupOf.get(task.id);
    const ids = group === null ? next : next.filter((id) => groupOf.get(id) === group);
    const returns = (follows.get(task.id) ?? [0]).map((pick): Json => pickSome(ids, pick));
    return { ...task, script: { ...task.script, returns } };
  };
  const steps = program.steps.map((step) =>
    step.type === "task" ? follow(step) : { ...step, tasks: step.tasks.map(follow) },
  );
  return { ...program, steps };
}

function pickSome(ids: readonly string[], pick: number): Json {
  const chosen = ids.filter((_, index) => (pick >> index) % 2 === 1);
  return chosen.length === 1 && pick % 2 === 1 ? (chosen[0] ?? null) : chosen.length === 0 ? null : chosen;
}
