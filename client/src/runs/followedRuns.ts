import type { RunDetails } from "#core/model/run.js";
import type { RunAddress } from "#core/protocol/engine.js";
import type { EngineProcess } from "./engineProcess.js";
import { LiveRun } from "./liveRun.js";

/** Runs that are kept so; an older one is read anew from its beginning. */
const MOST_RUNS = 10;

interface Followed {
  run: LiveRun | null;
  /** Where the events go on that were not read yet. */
  next: number;
  /** Whether it was under way when it was looked at last; whoever looks meanwhile waits for the same look. */
  looking: Promise<boolean>;
}

/**
 * Runs that other processes execute, built up from their events: each look reads only what is new, and not the record of
 * perhaps 100,000 instances again.
 */
export class FollowedRuns {
  private readonly runs = new Map<string, Followed>();

  /** How a run stands; null where nobody executes it any more, or its events cannot be read: its record tells. */
  async details(engine: EngineProcess, address: RunAddress): Promise<RunDetails | null> {
    const { run_id } = address;
    const followed = this.runs.get(run_id) ?? { run: null, next: 0, looking: Promise.resolve(true) };
    this.runs.set(run_id, followed);
    followed.looking = followed.looking.then((isLive) => isLive && look(engine, address, followed));
    if (!(await followed.looking)) this.runs.delete(run_id);
    const [oldest] = this.runs.keys();
    if (this.runs.size > MOST_RUNS && oldest !== undefined) this.runs.delete(oldest);
    return this.runs.has(run_id) ? (followed.run?.details() ?? null) : null;
  }
}

async function look(engine: EngineProcess, { home, run_id }: RunAddress, followed: Followed): Promise<boolean> {
  for (;;) {
    const answer = await engine.ask("followRun", { home, run_id, from: followed.next });
    if (!answer.ok) return false;
    const { events, next, live } = answer.value;
    for (const event of events) {
      // One that goes on tells anew how it stands.
      if (event.type === "run_started") followed.run = new LiveRun(event, home);
      else followed.run?.apply(event);
    }
    followed.next = next;
    if (events.length === 0) return live;
  }
}
