import type { BatchSizer } from "./batchSizer.js";
import { followCallbacks } from "./callbacks.js";
import { noteLate, tellLate } from "./lateThrows.js";
import { type LoadReport, REPORT, decodeResult } from "./messages.js";
import type { PoolClient } from "./poolClient.js";
import type { ReadyQueue } from "./readyQueue.js";
import { condemn, end } from "./revoke.js";
import { serve } from "./serve.js";
import { noteTold } from "./told.js";
import type { PoolWorker } from "./worker.js";
import { channelBroken } from "./workerErrors.js";

/** Takes in what workers report: notes it of the worker, tells the run, and answers where the instance waits for that. */
export class ReportDesk {
  constructor(
    readonly ready: ReadyQueue,
    readonly sizer: BatchSizer,
    readonly logFile: (segment: number) => string,
    /** Whether the run is over, whose record nobody may ask for any more. */
    readonly isOver: () => boolean,
  ) {}

  /** What cannot be a report of the worker's own ends the instance that wrote it, and nothing else. */
  take(worker: PoolWorker, line: string, client: PoolClient | undefined): void {
    try {
      this.#take(worker, line, client);
    } catch (thrown) {
      if (!(thrown instanceof SyntaxError)) throw thrown;
      condemn(worker, this.ready, channelBroken());
    }
  }

  /** As `PoolWorker.readJournal`. */
  readJournal(worker: PoolWorker, written?: number): boolean {
    return this.sizer.watch(() => worker.readJournal(written));
  }

  #take(worker: PoolWorker, line: string, client: PoolClient | undefined): void {
    switch (line.charAt(0)) {
      case REPORT.loaded:
        worker.resolveLoaded(JSON.parse(line.slice(1)) as LoadReport);
        return;
      case REPORT.began:
        worker.busySince = performance.now();
        return;
      case REPORT.result:
        this.#takeResult(worker, line, client);
        return;
      case REPORT.journal:
        if (!this.readJournal(worker, Number(line.slice(1)))) end(worker, channelBroken());
        return;
      case REPORT.idle:
        worker.isForgetting = false;
        return;
      case REPORT.finished:
        worker.resolveFinished(JSON.parse(line.slice(1)) === true);
        return;
      default: {
        if (noteTold(worker, line) || followCallbacks(worker, line) || noteLate(worker, line)) return;
        const answer = serve(line, this.isOver() ? undefined : client);
        if (answer !== null) worker.process.answer(answer);
      }
    }
  }

  #takeResult(worker: PoolWorker, line: string, client: PoolClient | undefined): void {
    const report = decodeResult(line);
    worker.answered();
    worker.logEnd = report.log[1];
    this.sizer.record(report.task, report.duration_ms);
    client?.onResult(worker.segment, report);
    // It prints nothing more.
    if (worker.isLeaving) tellLate(worker, client, this.logFile);
  }
}
