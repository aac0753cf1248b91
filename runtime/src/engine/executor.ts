import type { RunError } from "#core/model/run.js";
import type { Interrupted } from "../pool/poolClient.js";
import type { CallbackJob } from "../pool/messages.js";
import type { ReadyQueue } from "../pool/readyQueue.js";
import type { Told } from "../pool/told.js";
import type { SentInstance } from "../pool/worker.js";

/** An instance that runs now, the log segment that it prints into and where its part of it begins. */
export interface RunningInstance extends Told {
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
  /** Whether anything runs, or is about to. */
  readonly isBusy: boolean;
  /** Nothing will be ready for a while: what only costs may be let go. */
  rest(): void;
  /** Ends whatever runs of the tasks of which that holds, with the error; what waits of them never runs. */
  ban(isMeant: (task: number) => boolean, error: RunError): void;
  /**
   * Makes callbacks apart from running an instance. What they print is added to the log segment, or to the log of the
   * DAG where there is none. Resolves to the segment's new size, whatever became of them.
   */
  callBack(job: CallbackJob, segment: number | null): Promise<number>;
  running(): readonly RunningInstance[];
  /** Everything that it has told of is committed. */
  committed(): void;
  /**
   * Starts nothing more, and ends what runs. Returns what that was; may be called again. `isDone`: all that was to be
   * done is, so that whoever executed it may serve another run.
   */
  close(isDone?: boolean): Promise<readonly Interrupted[]>;
}
