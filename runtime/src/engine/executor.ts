import type { Interrupted } from "../pool/pool.js";
import type { ReadyQueue } from "../pool/readyQueue.js";
import type { SentInstance } from "../pool/worker.js";

/** An instance that runs now, the log segment that it prints into and where its part of it begins. */
export interface RunningInstance {
  readonly segment: number;
  readonly logFrom: number;
  readonly instance: SentInstance;
  readonly forMs: number;
}

/** What a run needs of whatever executes its instances: worker processes, or the caller's own. */
export interface Executor {
  /** What waits to be run. */
  readonly ready: ReadyQueue;
  /** Starts of it what there is room for. */
  dispatch(): void;
  running(): readonly RunningInstance[];
  /** Starts nothing more, and ends what runs. Returns what that was; may be called again. */
  close(): Promise<readonly Interrupted[]>;
}
