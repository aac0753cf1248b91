import type { ts } from "ts-morph";
import type { DagDraft } from "./dagDraft.js";
import type { Note, Observation, PartialFacts } from "./facts.js";
import type { PartialValue } from "./value.js";

/** What is found along the way, beside the DAGs themselves. */
export class Findings {
  readonly dags: DagDraft[] = [];
  readonly #partials = new Map<PartialFacts, boolean>();
  readonly #observations = new Map<string, Observation>();
  readonly #notes = new Map<string, Note>();

  addPartial(facts: PartialFacts): void {
    this.#partials.set(facts, false);
  }

  /** The partial was expanded, or went where reading cannot follow it. */
  usePartial(partial: PartialValue): void {
    this.#partials.set(partial.facts, true);
  }

  /** In the order in which they were made. */
  unexpanded(file: ts.SourceFile): PartialFacts[] {
    const unused = [...this.#partials].filter(([, isUsed]) => !isUsed).map(([facts]) => facts);
    return unused.filter((facts) => facts.call.getSourceFile() === file);
  }

  /** The same place is kept once for each kind. */
  observe(observation: Observation): void {
    const { kind, node } = observation;
    const key = `${kind} ${node.getSourceFile().fileName}:${node.pos}:${node.end}`;
    if (!this.#observations.has(key)) this.#observations.set(key, observation);
  }

  get observations(): Observation[] {
    return [...this.#observations.values()];
  }

  addNote(text: string, node: ts.Node | undefined): void {
    this.#notes.set(`${text} ${node?.getSourceFile().fileName ?? ""}:${node?.pos ?? ""}`, { text, node });
  }

  get notes(): Note[] {
    return [...this.#notes.values()];
  }
}
