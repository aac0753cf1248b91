import { INSTANCE_STATES, type InstanceState, type StateCounts, isFinished } from "#core/model/run.js";

const FINISHED = INSTANCE_STATES.filter(isFinished);
const CODES = new Map(INSTANCE_STATES.map((state, code) => [state, code]));

/** Where the instances of one task stand, in a few bytes each. */
export class TaskTracker {
  /** Instances; null while a mapped task is not expanded. */
  #count: number | null;
  #states: Uint8Array;
  #hasResult: Uint8Array;
  #results = 0;
  #resultIndexes: Int32Array | null = null;
  readonly #counts = new Uint32Array(INSTANCE_STATES.length);

  constructor(readonly isMapped: boolean) {
    this.#count = isMapped ? null : 1;
    this.#states = new Uint8Array(1);
    this.#hasResult = new Uint8Array(1);
    this.#counts[codeOf("none")] = 1;
  }

  get count(): number | null {
    return this.#count;
  }

  /** Number of results that exist. */
  get results(): number {
    return this.#results;
  }

  /** All instances come to exist, in one state. */
  expand(count: number, state: InstanceState): void {
    this.#count = count;
    this.#states = new Uint8Array(count).fill(codeOf(state));
    this.#hasResult = new Uint8Array(count);
    this.#results = 0;
    this.#counts.fill(0);
    this.#counts[codeOf(state)] = count;
  }

  /** The map has another length than before: what is beyond it is gone, what is new is in no state. */
  resize(count: number): void {
    const [states, hasResult] = [this.#states, this.#hasResult];
    this.expand(count, "none");
    this.#resultIndexes = null;
    for (let slot = 0; slot < Math.min(count, states.length); slot++) {
      this.set(slot, INSTANCE_STATES[states[slot] ?? 0] ?? "none");
      if (hasResult[slot] === 1) this.addResult(slot);
    }
  }

  /** A mapped task has no instances: its placeholder stays. */
  expandToNothing(): void {
    if (this.#count !== 0) this.expand(1, "none");
    this.#count = 0;
  }

  set(map_index: number, state: InstanceState): void {
    const slot = Math.max(0, map_index);
    const before = this.#states[slot] ?? 0;
    const code = codeOf(state);
    this.#counts[before] = (this.#counts[before] ?? 0) - 1;
    this.#counts[code] = (this.#counts[code] ?? 0) + 1;
    this.#states[slot] = code;
  }

  /** `from` is -1, with one instance, where the task has no instances 0…n-1. */
  setRange(from: number, count: number, state: InstanceState): void {
    for (let offset = 0; offset < count; offset++) this.set(from + offset, state);
  }

  setAll(from: InstanceState, to: InstanceState): void {
    for (let slot = 0; slot < this.#states.length; slot++) {
      if (this.#states[slot] === codeOf(from)) this.set(slot, to);
    }
  }

  get(map_index: number): InstanceState {
    return INSTANCE_STATES[this.#states[Math.max(0, map_index)] ?? 0] ?? "none";
  }

  /** Whether one of these instances has ended for good. */
  hasEnded(from: number, count: number): boolean {
    if (!this.#isAnyEnded()) return false;
    for (let offset = 0; offset < count; offset++) if (isFinished(this.get(from + offset))) return true;
    return false;
  }

  #isAnyEnded(): boolean {
    return FINISHED.some((state) => this.countOf(state) > 0);
  }

  /** Indexes of the instances in a state; -1 for the one of a task without instances 0…n-1. */
  indexesIn(state: InstanceState): number[] {
    const code = codeOf(state);
    const isPlaceholder = !this.isMapped || this.#count === null || this.#count === 0;
    return Array.from(this.#states.keys())
      .filter((slot) => this.#states[slot] === code)
      .map((slot) => (isPlaceholder ? -1 : slot));
  }

  addResult(map_index: number): void {
    const slot = Math.max(0, map_index);
    if (this.#hasResult[slot] === 1) return;
    this.#hasResult[slot] = 1;
    this.#results++;
    this.#resultIndexes = null;
  }

  /** `map_index` of the `position`-th result; undefined where there are fewer. */
  indexOfResult(position: number): number | undefined {
    if (position < 0 || position >= this.#results) return undefined;
    if (!this.isMapped) return -1;
    if (this.#results === this.#count) return position;
    this.#resultIndexes ??= Int32Array.from(this.#hasResult.keys()).filter((slot) => this.#hasResult[slot] === 1);
    return this.#resultIndexes[position];
  }

  countOf(state: InstanceState): number {
    return this.#counts[codeOf(state)] ?? 0;
  }

  counts(): StateCounts {
    const entries = INSTANCE_STATES.map((state, code): [InstanceState, number] => [state, this.#counts[code] ?? 0]);
    return Object.fromEntries(entries.filter(([, count]) => count > 0));
  }
}

function codeOf(state: InstanceState): number {
  return CODES.get(state) ?? 0;
}
