import type { SensorPolicy } from "../authoring/taskPolicy.js";

/**
 * Milliseconds until a sensor that has looked `pokes` times looks again. Source: Airflow's `_get_next_poke_interval`;
 * where the interval grows, Airflow waits between half of this and this, depending on a hash of the sensor's names.
 */
export function pokeInterval(sensor: SensorPolicy, pokes: number, waitedMs: number): number {
  const { pokeIntervalMs, exponential_backoff, maxWaitMs, timeoutMs } = sensor;
  if (!exponential_backoff) return pokeIntervalMs;
  const left = Math.max(0, timeoutMs - waitedMs);
  return Math.min(pokeIntervalMs * 2 ** (pokes - 1), maxWaitMs ?? Infinity, left);
}
