import { closeSync, fstatSync, ftruncateSync, openSync, readSync } from "node:fs";
import { type InstanceState, type StateCounts, summaryState } from "#core/model/run.js";
import type { InstanceChange, RunEvent, RunEventBody } from "#core/model/runEvent.js";
import { writeText } from "../pool/writeText.js";

/** Says how a task stands when its changes are sent. */
export type CountsOf = (task: number) => { readonly task_id: string; readonly counts: StateCounts };

/** Everything that happens in a run, in one order, to its file and to whoever follows it live. */
export class EventStream {
  readonly #fd: number | null;
  readonly #changes = new Map<number, Map<number, InstanceChange>>();
  #seq = 0;
  /** The disk was full, perhaps in the middle of a line: from then on only those who follow it live are told. */
  #isCutOff = false;

  constructor(
    readonly run_id: string,
    /** Null: told to `onEvent` only. */
    file: string | null,
    readonly countsOf: CountsOf,
    readonly onEvent: (event: RunEvent) => void,
  ) {
    if (file === null) {
      this.#fd = null;
      return;
    }
    this.#fd = openSync(file, "a+");
    this.#seq = lastSeq(this.#fd);
  }

  /** What happened before is told before. */
  emit(...bodies: readonly RunEventBody[]): void {
    this.#send([...this.#grouped(), ...bodies]);
  }

  /** Whoever follows the run is told, even where nothing of it can be written any more. */
  emitAnyhow(body: RunEventBody): void {
    try {
      this.emit(body);
    } catch {
      this.emit(body);
    }
  }

  /** Remembered until the next `flush`: of several changes of one instance only the last is told. */
  change(task: number, change: InstanceChange): void {
    const changes = this.#changes.get(task);
    if (changes) changes.set(change.map_index, change);
    else this.#changes.set(task, new Map([[change.map_index, change]]));
  }

  /** The task's counts changed, though none of its instances is worth telling. */
  touch(task: number): void {
    if (!this.#changes.has(task)) this.#changes.set(task, new Map());
  }

  /** False where there was nothing to tell. */
  flush(): boolean {
    const bodies = this.#grouped();
    this.#send(bodies);
    return bodies.length > 0;
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
  }

  #grouped(): RunEventBody[] {
    const bodies = [...this.#changes].flatMap(([task, changes]): RunEventBody[] => {
      const { task_id, counts } = this.countsOf(task);
      const state: InstanceState = summaryState(counts);
      const changed: RunEventBody[] = [{ type: "instances_changed", task_id, changes: [...changes.values()] }];
      return [...(changes.size > 0 ? changed : []), { type: "task_changed", task_id, state, counts }];
    });
    this.#changes.clear();
    return bodies;
  }

  #send(bodies: readonly RunEventBody[]): void {
    if (bodies.length === 0) return;
    const at = Date.now();
    const events = bodies.map((body): RunEvent => ({ seq: ++this.#seq, run_id: this.run_id, at, ...body }));
    this.#write(events);
    for (const event of events) this.onEvent(event);
  }

  #write(events: readonly RunEvent[]): void {
    if (this.#fd === null || this.#isCutOff) return;
    try {
      writeText(this.#fd, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    } catch (thrown) {
      this.#isCutOff = true;
      throw thrown;
    }
  }
}

const CHUNK = 65_536;

/**
 * The number of the last event of a file, 0 of an empty one. What stands behind the last line break was being written
 * when its process was killed: it is taken away.
 */
function lastSeq(fd: number): number {
  let tail = Buffer.alloc(0);
  for (let from = fstatSync(fd).size; from > 0;) {
    const length = Math.min(CHUNK, from);
    from -= length;
    const chunk = Buffer.alloc(length);
    readSync(fd, chunk, 0, length, from);
    tail = Buffer.concat([chunk, tail]);
    const end = tail.lastIndexOf(LINE_BREAK);
    const start = end <= 0 ? -1 : tail.lastIndexOf(LINE_BREAK, end - 1);
    if (end < 0 || (start < 0 && from > 0)) continue;
    ftruncateSync(fd, from + end + 1);
    return (JSON.parse(tail.toString("utf8", start + 1, end)) as RunEvent).seq;
  }
  ftruncateSync(fd, 0);
  return 0;
}

const LINE_BREAK = 10;
