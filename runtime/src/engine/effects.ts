import type { RunError } from "#core/model/run.js";

/** What is to be done. Instances are named by the first `map_index` and their number; -1 for what is not expanded. */
export type Effect =
  /** The task has instances 0…count-1 now. */
  | { readonly type: "expand"; readonly task: number; readonly count: number }
  /** Instances may run. */
  | { readonly type: "run"; readonly task: number; readonly from: number; readonly count: number }
  /** Instances end without running. */
  | ({ readonly type: "settle" } & Settled)
  | { readonly type: "end"; readonly state: "success" | "failed" };

export interface Settled {
  readonly task: number;
  readonly from: number;
  readonly count: number;
  readonly state: Settlement;
  readonly reason: SettleReason;
  /** Of what is `stopped`: what ended it. */
  readonly error?: RunError | null;
}

export type Settlement = "skipped" | "upstream_failed";

/**
 * `decision`: a branch or short circuit before it decided so. `zero-length`: there is nothing to map over. `stopped`:
 * the run does not go on.
 */
export type SettleReason = "upstream" | "zero-length" | "no-length" | "decision" | "stopped";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Effects in their order; those of neighbouring instances are one. */
export class EffectLog {
  #effects: Mutable<Effect>[] = [];

  add(effect: Effect): void {
    const last = this.#effects.at(-1);
    if (last?.type === "run" && effect.type === "run" && isBehind(last, effect)) last.count += effect.count;
    else if (last?.type === "settle" && effect.type === "settle" && isBehind(last, effect) && isAlike(last, effect)) {
      last.count += effect.count;
    } else this.#effects.push({ ...effect });
  }

  /** Returns all and forgets them. */
  take(): readonly Effect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}

type Instances = Pick<Settled, "task" | "from" | "count">;

function isBehind(last: Instances, next: Instances): boolean {
  return last.task === next.task && last.from + last.count === next.from;
}

function isAlike(last: Settled, next: Settled): boolean {
  return last.state === next.state && last.reason === next.reason;
}
