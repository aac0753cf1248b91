import type { EngineLink } from "./channel.js";

/**
 * What the instances of one run have of the engine, as long as it has the process. One that goes on after that, in a timer
 * say, reaches nobody: the engine would take what it tells or asks for that of the run that has the process then.
 */
export class RunLink implements EngineLink {
  #engine: EngineLink | null;

  constructor(engine: EngineLink) {
    this.#engine = engine;
  }

  close(): void {
    this.#engine = null;
  }

  report(line: string): void {
    this.#open.report(line);
  }

  readAnswer(): string {
    return this.#open.readAnswer();
  }

  logSize(): number {
    return this.#open.logSize();
  }

  endLog(from: number): number {
    return this.#open.endLog(from);
  }

  get #open(): EngineLink {
    if (!this.#engine)
      throw new Error("The instance has ended, and its process serves others: it can push and pull nothing any more.");
    return this.#engine;
  }
}
