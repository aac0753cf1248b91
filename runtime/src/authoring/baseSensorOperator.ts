import { BaseOperator } from "./baseOperator.js";
import { SENSOR } from "./brand.js";
import type { PokeReturnValue } from "./sensor.js";
import type { Context } from "./types/context.js";
import type { SensorArgs } from "./types/options.js";

/**
 * What operators extend that wait for something: `poke` is called again and again until it returns true, or a
 * `PokeReturnValue` that is done, whose `xcom_value` is the result.
 *
 * ```ts
 * class FileSensor extends BaseSensorOperator<{ path: string }> {
 *   poke() { return existsSync(this.args.path); }
 * }
 * new FileSensor({ task_id: "wait", path: "/data/in.csv", mode: "reschedule", poke_interval: "5m" });
 * ```
 *
 * `P` are the operator's own arguments, `T` is the type of the `xcom_value`, where there is one. How it waits is the same for all mapped
 * instances: it can be given to `partial`, not to `expand`.
 */
export abstract class BaseSensorOperator<P extends object = Record<never, never>, T = never> extends BaseOperator<
  P & SensorArgs,
  [T] extends [never] ? null : T
> {
  static readonly [SENSOR] = true;

  /** Whether what the sensor waits for is there. */
  abstract poke(context: Context): boolean | PokeReturnValue<T> | Promise<boolean | PokeReturnValue<T>>;

  /** Looks once; when to look again is for the engine to decide. */
  override execute(context: Context): never {
    return this.poke(context) as never;
  }
}
