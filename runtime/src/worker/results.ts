import { RETURN_KEY, type XcomRow } from "../store/runStore.js";
import { REPORT } from "../pool/messages.js";
import type { EngineLink } from "./channel.js";
import { LAST_INDEX, Xcoms } from "./xcoms.js";

const PAGE = 256;
/** A reference may be made of the results of many tasks, whose places are then read side by side. */
const KEPT_CHUNKS = 64;
/** Characters of results that are kept between instances: of single ones, and again of chunks. */
const KEPT_TEXT = 64 * 1024 * 1024;

interface Chunk {
  readonly task: number;
  readonly from: number;
  readonly texts: readonly string[];
  /** Characters of the texts. */
  readonly size: number;
}

/** Results of upstream tasks as JSON texts, fetched from the engine when they are asked for. */
export class Results {
  /** Characters of all rows that were asked for. */
  textRead = 0;
  readonly #chunks: Chunk[] = [];
  /** Pages that do not come in one answer. */
  readonly #longPages = new Set<string>();
  readonly #singles = new Map<number, string | null>();
  readonly #lists = new Map<number, unknown>();
  readonly #pushed = new Map<string, readonly XcomRow[]>();
  /** Of each task the results of some neighbouring instances. */
  readonly #own = new Map<number, ReadonlyMap<number, string>>();

  constructor(readonly channel: EngineLink) {}

  /** The result of a task that is not mapped; null where it has none. */
  single(task: number): string | null {
    const known = this.#singles.get(task);
    if (known !== undefined) return known;
    const text = this.#pull(task, 0, 1)[0] ?? null;
    const kept = [...this.#singles.values()].reduce((sum, one) => sum + (one?.length ?? 0), 0);
    if (kept + (text?.length ?? 0) > KEPT_TEXT) this.forget();
    this.#singles.set(task, text);
    return text;
  }

  /** The same, parsed and shared between instances: whoever hands parts of it out copies them. */
  parsed(task: number): unknown {
    if (!this.#lists.has(task)) {
      const text = this.single(task);
      this.#lists.set(task, text === null ? null : JSON.parse(text));
    }
    return this.#lists.get(task);
  }

  /** What a task pushed under a key, in order of `map_index`. */
  pushed(task: number, key: string): readonly XcomRow[] {
    const name = `${String(task)} ${key}`;
    const known = this.#pushed.get(name);
    if (known) return known;
    const rows = new Xcoms(this.channel).rows({ task, key, from: -1, to: LAST_INDEX });
    this.#pushed.set(name, rows);
    return rows;
  }

  /** What one instance of a task pushed under a key; undefined where it pushed nothing. */
  pushedAt(task: number, key: string, map_index: number): string | undefined {
    return new Xcoms(this.channel).one(task, key, map_index);
  }

  /** What one instance of a task returned; null where it returned nothing. */
  at(task: number, map_index: number): string | null {
    const known = this.#own.get(task)?.get(map_index);
    if (known !== undefined) return known;
    const to = map_index + PAGE - 1;
    const rows = new Xcoms(this.channel).some({ task, key: RETURN_KEY, from: map_index, to });
    this.#own.set(task, new Map(rows.map((row) => [row.map_index, row.json])));
    return this.#own.get(task)?.get(map_index) ?? null;
  }

  /** The `position`-th result that a mapped task has, in order of `map_index`. */
  row(task: number, position: number): string {
    const chunk = this.#chunks.find((one) => holds(one, task, position)) ?? this.#fetch(task, position);
    const text = chunk.texts[position - chunk.from] ?? "null";
    this.textRead += text.length;
    return text;
  }

  /** Results of tasks that are done never change within a run, but they need not stay in memory. */
  forget(): void {
    this.#chunks.length = 0;
    this.#longPages.clear();
    this.#singles.clear();
    this.#lists.clear();
    this.#pushed.clear();
    this.#own.clear();
  }

  /** The page around it where it comes in one answer; of one of long results, only what begins with it. */
  #fetch(task: number, position: number): Chunk {
    const first = Math.floor(position / PAGE) * PAGE;
    const page = `${String(task)} ${String(first)}`;
    if (!this.#longPages.has(page)) {
      const chunk = this.#chunk(task, first, PAGE);
      if (holds(chunk, task, position)) return chunk;
      this.#longPages.add(page);
    }
    const chunk = this.#chunk(task, position, first + PAGE - position);
    if (holds(chunk, task, position)) return chunk;
    throw new RangeError(`task ${String(task)} has no result ${String(position)}`);
  }

  #chunk(task: number, from: number, count: number): Chunk {
    const texts = this.#pull(task, from, count);
    const chunk = { task, from, texts, size: texts.reduce((sum, text) => sum + text.length, 0) };
    this.#keep(chunk);
    return chunk;
  }

  /** The newest chunk, and of those before it as many as may stay. */
  #keep(chunk: Chunk): void {
    this.#chunks.unshift(chunk);
    let size = 0;
    const end = this.#chunks.findIndex((one, place) => {
      size += one.size;
      return place > 0 && (place >= KEPT_CHUNKS || size > KEPT_TEXT);
    });
    if (end > 0) this.#chunks.length = end;
  }

  #pull(task: number, from: number, count: number): string[] {
    this.channel.report(`${REPORT.pull}${JSON.stringify([task, from, count])}\n`);
    const answer = this.channel.readAnswer();
    return answer === "" ? [] : answer.split("\t");
  }
}

function holds(chunk: Chunk, task: number, position: number): boolean {
  return chunk.task === task && position >= chunk.from && position < chunk.from + chunk.texts.length;
}
