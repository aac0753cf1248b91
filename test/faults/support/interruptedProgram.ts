/** Runs a program of the oracle on the engine in this process, which is lost at some moments and goes on from its store. */
import { ManualClock } from "../../../runtime/src/engine/clock.js";
import { EventStream } from "../../../runtime/src/engine/eventStream.js";
import { recover } from "../../../runtime/src/engine/recover.js";
import { Run } from "../../../runtime/src/engine/run.js";
import type { RunResult } from "../../../runtime/src/engine/startRun.js";
import type { RecoveredReport } from "../../../runtime/src/pool/journal.js";
import { REPORT, decodeResult } from "../../../runtime/src/pool/messages.js";
import type { PoolClient } from "../../../runtime/src/pool/poolClient.js";
import { type XcomPush, decodePush } from "../../../runtime/src/pool/xcomMessages.js";
import { buildPlan } from "../../../runtime/src/worker/buildPlan.js";
import {
  type EngineRun,
  OneByOne,
  type Pick,
  beginStore,
  declare,
  factsOf,
  startedOf,
  verdictOf,
} from "../../semantics/oracle/runProgram.js";
import type { Program } from "../../semantics/oracle/program.js";
import { RecordedStore } from "./recordedStore.js";

/** The engine is lost when so many instances have ended since it began, or went on. */
export interface Loss {
  readonly after: number;
  /** Whether the worker had kept how the last of them ended: it runs again otherwise. */
  readonly isKept: boolean;
}

export async function runInterrupted(program: Program, pick: Pick, losses: readonly Loss[]): Promise<EngineRun> {
  const dag = declare(program);
  const plan = buildPlan(dag);
  let store = new RecordedStore();
  const model = beginStore(dag, store.now);
  store.keep();
  const order: { readonly task: number; readonly map_index: number }[] = [];
  let clock = new ManualClock(0);
  for (const [leg, loss] of [...losses, null].entries()) {
    clock = new ManualClock(clock.now());
    const executor = new MortalExecutor({ dag, facts: factsOf(program), pick, clock, loss, store });
    const result = await new Promise<RunResult | null>((resolve) => {
      const run = new Run({
        ...{ plan, model, store: store.now, pool: executor, clock, onEnd: resolve },
        openEvents: (countsOf) => new EventStream("r", null, countsOf, () => undefined),
      });
      executor.onLost = () => resolve(null);
      executor.begin(run);
      if (leg === 0) run.start(startedOf(model));
      else run.resume(startedOf(model));
    });
    order.push(...executor.ended);
    if (result) return verdictOf(dag, store.now, result, order);
    store = store.asKept();
    recover(plan, store.now, executor.journal, clock.now());
    store.now.goOn(model, process.version, null);
    store.keep();
  }
  throw new Error("the run did not end, though nothing was lost any more");
}

interface Mortal {
  readonly dag: ConstructorParameters<typeof OneByOne>[0];
  readonly facts: ConstructorParameters<typeof OneByOne>[1];
  readonly pick: Pick;
  readonly clock: ManualClock;
  readonly loss: Loss | null;
  readonly store: RecordedStore;
}

/** Keeps journals as workers do. What follows from one end is stored before the next one comes. */
class MortalExecutor extends OneByOne {
  readonly journal: RecoveredReport[] = [];
  onLost: () => void = () => undefined;
  #pushes: XcomPush[] = [];
  #lost: PoolClient | null = null;
  #isLost = false;
  #hasLastRun = true;

  constructor(readonly mortal: Mortal) {
    super(mortal.dag, mortal.facts, mortal.pick, mortal.clock);
  }

  /** What ran and need not run again, in this order. */
  get ended(): readonly { readonly task: number; readonly map_index: number }[] {
    return this.#hasLastRun ? this.order : this.order.slice(0, -1);
  }

  override begin(client: PoolClient): void {
    this.#lost = client;
    super.begin(
      new Proxy(client, {
        get: (target, name) => {
          const member: unknown = Reflect.get(target, name, target);
          if (typeof member !== "function") return member;
          return (...given: unknown[]): unknown => {
            const result: unknown = Reflect.apply(member, target, given);
            if (name === "onBurst") this.mortal.store.keep();
            return result;
          };
        },
      }),
    );
  }

  override report(text: string): void {
    if (this.#isLost) return;
    if (text.startsWith(REPORT.push)) this.#pushes.push(decodePush(text.slice(0, -1)));
    if (!text.startsWith(REPORT.result)) return super.report(text);
    const report = { segment: 0, report: decodeResult(text.slice(0, -1)), pushes: this.#pushes };
    this.#pushes = [];
    const { loss } = this.mortal;
    if (loss === null || this.order.length <= loss.after) {
      this.journal.push(report);
      return super.report(text);
    }
    if (loss.isKept) this.journal.push(report);
    this.#hasLastRun = loss.isKept;
    this.#die();
  }

  /** Nobody hears of anything any more. What still writes does so into a store that is given up. */
  #die(): void {
    this.#isLost = true;
    this.mortal.store.giveUp();
    void this.close();
    if (this.#lost instanceof Run) this.#lost.cancel();
    this.onLost();
  }
}
