import { SENSOR_MODES, SENSOR_OPTIONS } from "#core/model/optionNames.js";
import type { SourcePoint } from "#core/model/source.js";
import { OptionReader } from "./readPolicy.js";
import type { SensorPolicy } from "./taskPolicy.js";

const brand = Symbol.for("fanout.pokeReturnValue");

export function isSensorOption(name: string): boolean {
  return SENSOR_OPTIONS.some((option) => option === name);
}

/** Airflow's own default of `[sensors] default_timeout`: seven days. */
const DEFAULT_TIMEOUT_MS = 7 * 86_400_000;
const DEFAULT_POKE_INTERVAL_MS = 60_000;

/** Throws `invalid-argument` for an option that it cannot be. */
export function readSensorPolicy(
  options: Readonly<Record<string, unknown>>,
  at: SourcePoint | undefined,
): SensorPolicy {
  const read = new OptionReader(options, at);
  return Object.freeze({
    mode: read.oneOf("mode", SENSOR_MODES, "poke"),
    pokeIntervalMs: read.duration("poke_interval", DEFAULT_POKE_INTERVAL_MS),
    timeoutMs: read.duration("timeout", DEFAULT_TIMEOUT_MS),
    soft_fail: read.flag("soft_fail", false),
    exponential_backoff: read.flag("exponential_backoff", false),
    maxWaitMs: read.durationOrNull("max_wait"),
  });
}

/**
 * What a sensor may return instead of true or false: whether it has what it waits for, and what its result is then.
 * Airflow's `PokeReturnValue`.
 *
 * ```ts
 * const file = task.sensor(async function wait_for_file({ path }: { path: string }) {
 *   const found = await size(path);
 *   return new PokeReturnValue({ is_done: found !== null, xcom_value: found });
 * });
 * ```
 */
export class PokeReturnValue<T = never> {
  /** True: the sensor need not look again. */
  readonly is_done: boolean;
  /** The sensor's result, once it is done; nothing where left out. */
  readonly xcom_value: T | undefined;

  constructor({ is_done, xcom_value }: { readonly is_done: boolean; readonly xcom_value?: T }) {
    this.is_done = is_done;
    this.xcom_value = xcom_value;
    Object.defineProperty(this, brand, { value: true });
  }

  /** True for those of every copy of fanout in this process. */
  static is(value: unknown): value is PokeReturnValue<unknown> {
    return typeof value === "object" && value !== null && brand in value;
  }
}
