import type { ExactGraph } from "#core/protocol/lsp.js";
import type { EngineProcess } from "../runs/engineProcess.js";

/** A file whose text on disk is that of a version of its document. */
export interface SavedFile {
  readonly uri: string;
  /** Absolute path. */
  readonly file: string;
  readonly version: number;
}

/**
 * Asks the engine for the exact graphs of saved files, one file at a time: executing costs a process. Of a file that is
 * saved again before its turn only the newest version is executed.
 */
export class ExactGraphQueue {
  private readonly waiting = new Map<string, SavedFile>();
  private working = false;

  constructor(
    private readonly engine: Pick<EngineProcess, "ask">,
    private readonly tell: (graph: ExactGraph) => void,
  ) {}

  add(saved: SavedFile): void {
    this.waiting.delete(saved.uri);
    this.waiting.set(saved.uri, saved);
    if (!this.working) void this.work();
  }

  /** What waits is not executed any more. */
  clear(): void {
    this.waiting.clear();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (const [key, { uri, file, version }] of this.waiting) {
      this.waiting.delete(key);
      const answer = await this.engine.ask("exactGraphs", { file });
      // Saved again meanwhile: what was executed may be either of the two texts.
      if (!this.waiting.has(key)) this.tell({ uri, version, answer });
    }
    this.working = false;
  }
}
