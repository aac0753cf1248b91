import type { SensorPolicy } from "../authoring/taskPolicy.js";
import type { ResultReport } from "../pool/messages.js";
import type { Clock } from "./clock.js";
import { type Instance, instanceKey } from "./instances.js";
import { pokeInterval } from "./pokeInterval.js";

interface Watch {
  /** When it looked first, as `Clock.elapsed` counts. */
  readonly since: number;
  pokes: number;
  /** When it looked first in the try that is under way, in milliseconds since the epoch; null between two tries. */
  start: number | null;
}

/** The sensors that look again: since when, and how often they have looked. */
export class SensorBook {
  readonly #watches = new Map<string, Watch>();

  constructor(readonly clock: Clock) {}

  /** It found nothing; when it looks again, in milliseconds since the epoch. */
  foundNothing(report: ResultReport, sensor: SensorPolicy): number {
    const now = this.clock.elapsed();
    const key = instanceKey(report);
    const watch = this.#watches.get(key) ?? { since: now - report.duration_ms, pokes: 0, start: null };
    this.#watches.set(key, watch);
    watch.pokes++;
    watch.start ??= report.start;
    return this.clock.now() + pokeInterval(sensor, watch.pokes, now - watch.since);
  }

  /** The same report, but of the whole time since the try began, not only of its last look. */
  whole(report: ResultReport): ResultReport {
    const start = this.#watches.get(instanceKey(report))?.start ?? null;
    if (start === null) return report;
    return { ...report, start, duration_ms: report.duration_ms + Math.max(0, report.start - start) };
  }

  /** Another try counts its own time, but does not get more: as in Airflow, the timeout is that of all tries together. */
  tryEnded(report: ResultReport): void {
    const watch = this.#watches.get(instanceKey(report));
    if (watch) watch.start = null;
  }

  /** It had looked before the run was interrupted; how often is not known any more. */
  restore(instance: Instance, start: number): void {
    const since = this.clock.elapsed() - Math.max(0, this.clock.now() - start);
    this.#watches.set(instanceKey(instance), { since, pokes: 1, start });
  }

  /** When it looked first, as `Clock.elapsed` counts; null where it has not yet, or is no sensor that looks again. */
  sinceOf(instance: Instance): number | null {
    return this.#watches.get(instanceKey(instance))?.since ?? null;
  }
}
