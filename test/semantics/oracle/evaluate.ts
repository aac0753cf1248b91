/**
 * The reference evaluator: what a program must come to, written from airflow-semantics.md §2 and §4 and from nothing else.
 * It shares no code with the engine, not even the table of trigger rules, and is as naive as it can be: a table of
 * instances, looked at over and over until nothing changes.
 *
 * One thing is free in the specification: which of the instances that may run is the next to run, and rules that do not
 * wait (`one_success`, …; a failure before a skip, too) depend on it. So instances run one at a time here, and `choose`
 * says which; the comparison lets it follow the engine's own order, and everything else is decided here.
 */
import { Failed, InputReader, Skipped, lengthOf } from "./evaluateInputs.js";
import { type Node, readNodes } from "./evaluateGraph.js";
import { type Json, type Program, type Rule, type TaskStep, isReference, sourcesIn } from "./program.js";

export type State = "none" | "scheduled" | "success" | "failed" | "skipped" | "upstream_failed";

/** One task instance; -1 is the index of one that is not mapped, or not expanded. */
export interface Instance {
  readonly task: string;
  readonly map_index: number;
  state: State;
  try_number: number;
  /** Its result; null where it has none. */
  xcom: Json;
  /** What `multiple_outputs` made of it. */
  pushed: Readonly<Record<string, Json>>;
}

export type Key = Pick<Instance, "task" | "map_index">;
/** Picks the one that runs next. */
export type Choose = (ready: readonly Instance[]) => Instance;

export interface Verdict {
  readonly state: "success" | "failed";
  readonly instances: readonly Instance[];
}

/** A program that would make more instances than a campaign has time for. */
export class TooLarge extends Error {}
const MOST_INSTANCES = 60;

export function evaluate(program: Program, choose: Choose): Verdict {
  const evaluator = new Evaluator(program);
  for (;;) {
    evaluator.settle();
    const ready = evaluator.instances.filter(({ state }) => state === "scheduled");
    if (ready.length === 0) return evaluator.verdict();
    evaluator.execute(choose(ready));
  }
}

class Evaluator {
  readonly nodes: ReadonlyMap<string, Node>;
  instances: Instance[];
  readonly #inputs: InputReader;
  /** Instances that a branch or short circuit in a mapped group decided to skip, as `task:index`. */
  readonly #decided = new Set<string>();

  constructor(readonly program: Program) {
    this.nodes = readNodes(program);
    this.#inputs = new InputReader(program, this.nodes, (task) => this.of(task));
    this.instances = [...this.nodes.values()].flatMap((node) => this.#atFirst(node));
  }

  of(task: string): Instance[] {
    return this.instances.filter((one) => one.task === task);
  }

  /** §4.3: looks at every instance without a state, in order of creation, until nothing changes. */
  settle(): void {
    for (let isChanged = true; isChanged;) {
      isChanged = false;
      for (const node of this.nodes.values()) {
        for (const instance of this.of(node.task.id)) {
          if (instance.state === "none" && this.#look(node, instance)) isChanged = true;
        }
      }
    }
  }

  /** One try of one instance. */
  execute(instance: Instance): void {
    const node = this.#node(instance.task);
    instance.try_number++;
    try {
      const value = this.#inputs.play(node, instance);
      instance.xcom = node.task.pushes ? value : null;
      this.#checkPush(node, instance.xcom);
      if (node.task.multipleOutputs && instance.xcom !== null) instance.pushed = entriesOf(instance.xcom);
      instance.state = "success";
      this.#decide(node, instance, value);
    } catch (thrown) {
      if (!(thrown instanceof Skipped) && !(thrown instanceof Failed)) throw thrown;
      instance.xcom = null;
      const mayRetry = thrown instanceof Failed && !thrown.isFinal && instance.try_number <= node.task.retries;
      instance.state = thrown instanceof Skipped ? "skipped" : mayRetry ? "scheduled" : "failed";
    }
  }

  /** §2.11: the run fails if a leaf instance failed; teardowns that may fail are as if they were not there. */
  verdict(): Verdict {
    const tasks = [...this.nodes.values()];
    const counts = ({ task }: Node): boolean => task.kind !== "teardown" || task.failsRun;
    const isLeaf = ({ task }: Node): boolean => !tasks.some((next) => counts(next) && next.upstream.includes(task.id));
    const leaves = tasks.filter((node) => counts(node) && isLeaf(node));
    const deciding = leaves.length > 0 ? leaves : tasks.filter(({ task }) => this.#next(task.id).length === 0);
    const isFailed = deciding.some(({ task }) => this.of(task.id).some((one) => isBad(one) || one.state === "none"));
    return { state: isFailed ? "failed" : "success", instances: this.instances };
  }

  /** §2.5 (1): where every mapped argument is a literal, the instances are there from the start. */
  #atFirst({ task, mapping }: Node): Instance[] {
    const isLiteral = mapping !== null && !sourcesIn(mapping).some(isReference);
    return this.#make(task.id, isLiteral ? (this.#inputs.mappedLength(mapping) ?? 0) : 0);
  }

  #make(task: string, count: number): Instance[] {
    if (count > MOST_INSTANCES) throw new TooLarge();
    const indexes = count === 0 ? [-1] : Array.from({ length: count }, (_, index) => index);
    return indexes.map((map_index) => ({ task, map_index, state: "none", try_number: 0, xcom: null, pushed: {} }));
  }

  /** §4.3: setups, then the trigger rule, then sources of the mapping, then what a branch decided, then expansion. */
  #look(node: Node, instance: Instance): boolean {
    // §2.10: what needs a setup ends as it does where it does not succeed, whatever the rule says.
    const prepared = judge("all_success", this.#statesOf(node.setups, node, instance));
    if (prepared === "skipped" || prepared === "upstream_failed") return become(instance, prepared);
    const says = this.#judge(node, instance);
    if (says === "skipped" || says === "upstream_failed") return become(instance, says);
    // §2.9: whatever the rule says. A source that has instances of its own was neither skipped nor failed as a whole.
    const sources = node.sources.flatMap((task) => this.of(task)).filter(({ map_index }) => map_index === -1);
    if (sources.some(isBad)) return become(instance, "upstream_failed");
    if (sources.some(({ state }) => state === "skipped")) return become(instance, "skipped");
    if (says === "wait" || prepared === "wait") return false;
    if (this.#decided.has(`${instance.task}:${String(instance.map_index)}`)) return become(instance, "skipped");
    if (node.mapping === null || instance.map_index >= 0) return become(instance, "scheduled");
    // §2.5 fails a mapped task whose sources are not done; §2.9 lets a group wait for them: see docs/semantics.md.
    if (node.group !== null && !node.sources.flatMap((task) => this.of(task)).every(isEnded)) return false;
    return this.#expand(instance, this.#inputs.mappedLength(node.mapping));
  }

  /** §2.5 (2). */
  #expand(placeholder: Instance, length: number | null): boolean {
    if (length === null) return become(placeholder, "upstream_failed");
    if (length === 0) return become(placeholder, "skipped");
    const made = this.#make(placeholder.task, length);
    this.instances = this.instances.flatMap((one) => (one === placeholder ? made : [one]));
    if (this.instances.length > 4 * MOST_INSTANCES) throw new TooLarge();
    return true;
  }

  #judge(node: Node, instance: Instance): Says {
    const states = this.#statesOf(node.upstream, node, instance);
    if (this.#isOpenInside(node, instance)) {
      // §2.9: nothing is skipped too early for what the same index inside of the group may still become; but without an
      // index it is not waited for.
      const says = node.task.kind === "teardown" ? "wait" : judge(node.task.rule, [...states, "none"]);
      return says === "wait" && judge("all_done", states) === "run" ? "run" : says;
    }
    if (node.task.kind !== "teardown") return judge(node.task.rule, states);
    // all_done_setup_success.
    const setups = node.upstream.filter((id) => this.#node(id).task.kind === "setup");
    const all = this.#statesOf(setups, node, instance);
    const isDone = judge("all_done", states) === "run";
    if (!isDone || all.length === 0 || all.includes("success")) return isDone ? "run" : "wait";
    return all.every((state) => state === "skipped") ? "skipped" : "upstream_failed";
  }

  /** True of a placeholder behind tasks of its group that have instances already. */
  #isOpenInside({ group, task, upstream }: Node, { map_index }: Instance): boolean {
    if (group === null || map_index !== -1 || FAST.includes(task.rule)) return false;
    const inside = upstream.filter((id) => this.#node(id).group === group);
    return inside.some((id) => this.of(id).some((one) => one.map_index >= 0));
  }

  /** §2.8: all instances, but within one mapped group those of the same index. */
  #statesOf(tasks: readonly string[], { group, task }: Node, { map_index }: Instance): State[] {
    const relevant = tasks.flatMap((id) => {
      const all = this.of(id);
      if (group === null || this.#node(id).group !== group) return all;
      // §2.9: fast rules are evaluated against all instances before there are indexes.
      if (map_index === -1 && FAST.includes(task.rule)) return all;
      return all.filter((one) => one.map_index === -1 || one.map_index === map_index);
    });
    return relevant.map(({ state }) => state);
  }

  /** §2.6, of what is neither mapped nor in a mapped group. */
  #checkPush({ task, mapping }: Node, value: Json): void {
    const isSource = [...this.nodes.values()].some(({ sources }) => sources.includes(task.id));
    if (isSource && mapping === null) {
      const length = lengthOf(value);
      if (length === null || length > this.program.maxMapLength) throw new Failed();
    }
  }

  /** §2.10: what a branch or short circuit skips: at once where nothing is mapped, else by index. */
  #decide({ task, group }: Node, { map_index }: Instance, value: Json): void {
    if (task.kind !== "branch" && task.kind !== "short_circuit") return;
    const skips = task.kind === "branch" ? this.#others(task.id, value) : this.#cutOff(task, value);
    for (const id of skips) {
      if (group !== null && this.#node(id).group !== group) continue;
      if (group !== null) this.#decided.add(`${id}:${String(map_index)}`);
      for (const one of this.of(id)) {
        if (one.state === "none" && (group === null || one.map_index === map_index)) become(one, "skipped");
      }
    }
  }

  /** What follows a branch at once and is neither followed nor behind what is. */
  #others(id: string, value: Json): string[] {
    const followed = (Array.isArray(value) ? (value as readonly Json[]) : [value])
      .filter((one) => one !== null)
      .map(String);
    const kept = new Set([...followed, ...followed.flatMap((one) => this.#behind(one))]);
    return this.#next(id).filter((one) => !kept.has(one));
  }

  #cutOff({ id, ignoresRules }: TaskStep, value: Json): string[] {
    if (Boolean(value)) return [];
    return ignoresRules ? this.#behind(id) : this.#next(id);
  }

  #next(id: string): string[] {
    return [...this.nodes.values()].filter(({ upstream }) => upstream.includes(id)).map(({ task }) => task.id);
  }

  #behind(id: string): string[] {
    return this.#next(id).flatMap((next) => [next, ...this.#behind(next)]);
  }

  #node(id: string): Node {
    const node = this.nodes.get(id);
    if (!node) throw new RangeError(`no task '${id}'`);
    return node;
  }
}

/** DTM608. */
function entriesOf(value: Json): Readonly<Record<string, Json>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, Json>>;
  throw new Failed();
}

function become(instance: Instance, state: State): true {
  instance.state = state;
  return true;
}

function isEnded({ state }: Instance): boolean {
  return state !== "none" && state !== "scheduled";
}

function isBad({ state }: Instance): boolean {
  return state === "failed" || state === "upstream_failed";
}

type Says = "run" | "wait" | "skipped" | "upstream_failed";

/** See docs/semantics.md on `none_failed_min_one_success`, which decides by index here. */
const FAST: readonly Rule[] = ["one_success", "one_failed", "one_done"];

/** The table of §2.9: what ends the instance comes first; what is left decides between running and waiting. */
function judge(rule: Rule, states: readonly State[]): Says {
  const all = states.length;
  // With nothing before it there is nothing to wait for.
  if (all === 0) return "run";
  const count = (...wanted: readonly State[]): number => states.filter((state) => wanted.includes(state)).length;
  const [ok, bad, skipped] = [count("success"), count("failed", "upstream_failed"), count("skipped")];
  const isDone = ok + bad + skipped === all;
  const runIf = (isMet: boolean): "run" | "wait" => (isMet ? "run" : "wait");
  switch (rule) {
    case "all_success":
      return bad > 0 ? "upstream_failed" : skipped > 0 ? "skipped" : runIf(ok === all);
    case "all_failed":
      return ok + skipped > 0 ? "skipped" : runIf(bad === all);
    case "all_done":
      return runIf(isDone);
    case "one_success":
      if (isDone && ok === 0) return skipped === all ? "skipped" : "upstream_failed";
      return runIf(ok > 0);
    case "one_failed":
      return isDone && bad === 0 ? "skipped" : runIf(bad > 0);
    case "one_done":
      return isDone && ok + count("failed") === 0 ? "skipped" : runIf(ok + count("failed") > 0);
    case "none_failed":
      return bad > 0 ? "upstream_failed" : runIf(isDone);
    case "none_failed_min_one_success":
      return bad > 0 ? "upstream_failed" : skipped === all ? "skipped" : runIf(isDone);
    case "none_skipped":
      return skipped > 0 ? "skipped" : runIf(isDone);
    case "all_skipped":
      return ok + bad > 0 ? "skipped" : runIf(skipped === all);
    case "all_done_min_one_success":
      if (skipped > 0) return "skipped";
      return isDone && ok === 0 ? "upstream_failed" : runIf(isDone);
    case "always":
      return "run";
  }
}
