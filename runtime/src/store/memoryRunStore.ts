import type { DagModel } from "#core/model/dag.js";
import type { InstanceState, RunError, RunState } from "#core/model/run.js";
import { isMapped } from "#core/model/graph.js";
import { FanoutError } from "../errors.js";
import {
  type BundleRow,
  type FirstResults,
  type InstanceProgress,
  type InstanceRow,
  NOTHING_KNOWN,
  NOTHING_MORE,
  type PartTarget,
  RETURN_KEY,
  type RunRow,
  type RunStore,
  type TaskRow,
  type TryRow,
  type XcomRow,
  withinLength,
} from "./runStore.js";

/** A run that leaves nothing behind. */
export class MemoryRunStore implements RunStore {
  #run: RunRow | null = null;
  #tasks: TaskRow[] = [];
  readonly #instances = new Map<number, Map<number, InstanceRow>>();
  readonly #tries: TryRow[] = [];
  readonly #bundles: BundleRow[] = [];
  readonly #pushed = new Map<string, { task: number; map_index: number; key: string; json: string }>();

  begin(run: RunRow): void {
    this.#run = run;
    const { model } = run;
    this.#tasks = model.tasks.map((node, task) => ({ task, count: isMapped(node, model) ? null : 1, inputs: null }));
  }

  goOn(model: DagModel, node: string, part: readonly PartTarget[] | null): void {
    this.#run = { ...this.run(), model, node, part, state: "running", end: null, error: null };
  }

  setRunState(state: RunState, end: number | null, error: RunError | null): void {
    this.#run = { ...this.run(), state, end, error };
  }

  setCount(task: number, count: number | null): void {
    this.#tasks = this.#tasks.map((row) => (row.task === task ? { ...row, count } : row));
  }

  setInputs(task: number, json: string): void {
    this.#tasks = this.#tasks.map((row) => (row.task === task ? { ...row, inputs: json } : row));
  }

  putInstance(row: InstanceRow): void {
    const instances = this.#instances.get(row.task);
    if (instances) instances.set(row.map_index, row);
    else this.#instances.set(row.task, new Map([[row.map_index, row]]));
  }

  settleInstances(
    task: number,
    from: number,
    count: number,
    state: InstanceState,
    error: RunError | null = null,
  ): void {
    for (let map_index = from; map_index < from + count; map_index++) {
      this.putInstance({ ...NOTHING_KNOWN, task, map_index, state, error });
    }
  }

  deleteInstance(task: number, map_index: number): void {
    this.#instances.get(task)?.delete(map_index);
  }

  putBundle(row: BundleRow): void {
    this.#bundles[row.bundle] = row;
  }

  putTry(row: TryRow): void {
    const { task, map_index, try_number } = row;
    const isSame = (one: TryRow): boolean =>
      one.task === task && one.map_index === map_index && one.try_number === try_number;
    const place = this.#tries.findIndex(isSame);
    this.#tries.splice(place < 0 ? this.#tries.length : place, 1, row);
  }

  putXcom(task: number, map_index: number, key: string, json: string): void {
    this.#pushed.set(JSON.stringify([task, map_index, key]), { task, map_index, key, json });
  }

  clearXcoms(task: number, map_index: number): void {
    for (const [id, one] of this.#pushed) {
      if (one.task === task && one.map_index === map_index) this.#pushed.delete(id);
    }
  }

  commit(): void {
    // Nothing is ever behind.
  }

  run(): RunRow {
    if (!this.#run) throw new FanoutError("store-failed", "The store holds no run.");
    return this.#run;
  }

  tasks(): TaskRow[] {
    return [...this.#tasks];
  }

  instances(task: number): InstanceRow[] {
    const rows = [...(this.#instances.get(task)?.values() ?? [])];
    return rows.sort((a, b) => a.map_index - b.map_index);
  }

  instance(task: number, map_index: number): InstanceRow | null {
    return this.#instances.get(task)?.get(map_index) ?? null;
  }

  progress(task: number): InstanceProgress[] {
    return this.instances(task).map(({ map_index, name, state, try_number, start, duration_ms, xcom, more }) => ({
      ...{ task, map_index, name, state, try_number, start, duration_ms },
      hasResult: xcom !== null,
      more: more ?? NOTHING_MORE,
    }));
  }

  errorCodes(task: number, state: InstanceState): ReadonlyMap<number, RunError["code"]> {
    const known = this.instances(task).filter((row) => row.state === state);
    return new Map(known.flatMap(({ map_index, error }) => (error ? [[map_index, error.code]] : [])));
  }

  bundles(): BundleRow[] {
    return [...this.#bundles];
  }

  tries(task: number, map_index: number): TryRow[] {
    const rows = this.#tries.filter((row) => row.task === task && row.map_index === map_index);
    return rows.sort((a, b) => a.try_number - b.try_number);
  }

  xcoms(task: number, from: number, to: number, maxLength: number): string[] {
    return this.xcomRows(task, RETURN_KEY, from, to, maxLength).map(({ json }) => json);
  }

  firstResults(task: number, atMost: number): FirstResults {
    const texts = this.#results(task).map(({ json }) => json);
    return { texts: texts.slice(0, atMost), count: texts.length };
  }

  xcomRows(task: number, key: string, from: number, to: number, maxLength: number): XcomRow[] {
    const rows = key === RETURN_KEY ? this.#results(task) : this.#pushedUnder(task, key);
    const within = rows.filter(({ map_index }) => map_index >= from && map_index <= to);
    return withinLength(within, ({ json }) => json.length, maxLength);
  }

  pushedKeys(task: number, map_index: number): string[] {
    const own = [...this.#pushed.values()].filter((one) => one.task === task && one.map_index === map_index);
    return own.map(({ key }) => key).sort();
  }

  #results(task: number): XcomRow[] {
    const there = this.instances(task).filter(({ state }) => state !== "removed");
    return there.flatMap(({ map_index, xcom }) => (xcom === null ? [] : [{ map_index, json: xcom }]));
  }

  #pushedUnder(task: number, key: string): XcomRow[] {
    const isThere = (index: number): boolean => this.instance(task, index)?.state !== "removed";
    const found = [...this.#pushed.values()].filter(
      (one) => one.task === task && one.key === key && isThere(one.map_index),
    );
    found.sort((a, b) => a.map_index - b.map_index);
    return found.map(({ map_index, json }) => ({ map_index, json }));
  }

  close(): void {
    // Nothing is held open.
  }
}
