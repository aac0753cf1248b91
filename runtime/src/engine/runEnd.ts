import type { InstanceState, RunError } from "#core/model/run.js";
import type { ResultReport } from "../pool/messages.js";
import { LastInstance } from "./callbackJobs.js";
import type { Heartbeat } from "./heartbeat.js";
import type { InstanceLedger } from "./instanceLedger.js";
import { storeError } from "./runErrors.js";
import type { RunParts, RunResult } from "./runParts.js";
import { stopAll } from "./unreported.js";

interface EndParts extends Pick<RunParts, "plan" | "pool" | "store" | "onEnd"> {
  readonly ledger: InstanceLedger;
  readonly beat: Pick<Heartbeat, "stop" | "commit">;
  /** Nothing is to begin any more. */
  readonly onEnding: () => void;
}

/** The end of a run, which comes once, whatever else ends it meanwhile. */
export class RunEnd {
  readonly #last = new LastInstance();
  #isEnding = false;

  constructor(readonly parts: EndParts) {}

  get isEnding(): boolean {
    return this.#isEnding;
  }

  /** A try is over: one of them stands for the run when its end is told. */
  note(report: ResultReport, state: InstanceState): void {
    this.#last.note(report, state);
  }

  /** `error`: why the run ends before everything of it has ended. */
  finish(state: "success" | "failed", error: RunError | null): void {
    void this.#end({ state, cancelled: false, ...(error && { error }) });
  }

  cancel(): void {
    if (this.#isEnding) void this.parts.pool.close();
    const error: RunError = { code: "cancelled", message: "The run was cancelled." };
    void this.#end({ state: "failed", cancelled: true, error });
  }

  async #end(result: RunResult & { readonly state: "success" | "failed" }): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { ledger, store, pool, beat, onEnding, onEnd } = this.parts;
    onEnding();
    beat.stop();
    const { state, error: problem = null } = result;
    await this.#last.tell(this.parts, state, problem);
    const closing = pool.close(problem === null);
    try {
      if (problem) stopAll(ledger, await closing, problem, problem.code === "dagrun-timeout" ? "skipped" : "failed");
      store.setRunState(state, Date.now(), problem);
      beat.commit();
      ledger.events.emit({ type: "run_finished", ...result });
    } catch (thrown) {
      const unwritten: RunResult = { ...result, state: "failed", error: storeError(thrown) };
      ledger.events.emitAnyhow({ type: "run_finished", ...unwritten });
      return onEnd(unwritten);
    }
    onEnd(result);
  }
}
