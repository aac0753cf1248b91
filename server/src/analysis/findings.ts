import type { ts } from "ts-morph";
import type { DagDraft } from "./dagDraft.js";
import type { Note, Observation, PartialFacts } from "./facts.js";
import type { PartialValue } from "./value.js";
import { Volatility } from "./volatility.js";

/** What is found along the way, beside the DAGs themselves. */
export class Findings {
  readonly dags: DagDraft[] = [];
  readonly volatility = new Volatility();
  readonly #partials = new Map<PartialFacts, boolean>();
  readonly #observations = new Map<string, Observation>();
  readonly #referenceSites = new Set<ts.Node>();
  readonly #others = new Set<ts.Node>();
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

  /** What once was something else than a reference says nothing about references. */
  get observations(): Observation[] {
    return [...this.#observations.values()].filter(
      ({ kind, node }) => kind !== "perhaps-reference-condition" || !this.#others.has(node),
    );
  }

  /** The condition was something else than a reference. */
  seeOther(condition: ts.Node): void {
    this.#others.add(condition);
  }

  /** The call or `new` makes a task, or derives a reference from another one: it always gives a reference. */
  addReferenceSite(call: ts.Node): void {
    this.#referenceSites.add(call);
  }

  makesReference(call: ts.Node): boolean {
    return this.#referenceSites.has(call);
  }

  addNote(text: string, node: ts.Node | undefined): void {
    this.#notes.set(`${text} ${node?.getSourceFile().fileName ?? ""}:${node?.pos ?? ""}`, { text, node });
  }

  get notes(): Note[] {
    return [...this.#notes.values()];
  }
}
