import type { EngineLink } from "./channel.js";

/**
 * What the instances of one run have of the engine. One that goes on when its run is over, in a timer say, reaches nobody:
 * another run may have the process by then, and the engine would take what it tells or asks for that run's.
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
    if (!this.#engine) throw new Error("The run of this instance is over: nothing can be pushed or pulled any more.");
    return this.#engine;
  }
}
