import { FanoutError } from "../errors.js";
import type { ProjectConfig } from "../loader/projectConfig.js";
import type { Plan } from "./plan.js";

const DEFAULT_POOL = "default_pool";
/** Airflow's own default of `[core] default_pool_task_slot_count`. */
const DEFAULT_POOL_SLOTS = 128;
const SLOTS_VARIABLE = "AIRFLOW__CORE__DEFAULT_POOL_TASK_SLOT_COUNT";

/** The pools of a project. */
export interface Pools {
  /** Which project's they are: pools of the same name elsewhere are others. */
  readonly place: string;
  /** Slots by name. */
  readonly sizes: ReadonlyMap<string, number>;
}

/**
 * The pools that a project's configuration names, and `default_pool`, which there always is.
 * @throws FanoutError `invalid-option` for a number of slots that is none.
 */
export function readPools({ file, pools }: ProjectConfig): Pools {
  const sizes = new Map([[DEFAULT_POOL, defaultSlots()], ...Object.entries(pools)]);
  return { place: file ?? "", sizes };
}

function defaultSlots(): number {
  const given = process.env[SLOTS_VARIABLE]?.trim();
  if (!given) return DEFAULT_POOL_SLOTS;
  const slots = Number(given);
  if (Number.isInteger(slots) && slots > 0) return slots;
  throw new FanoutError("invalid-option", `'${SLOTS_VARIABLE}' must be a whole number, 1 or more.`);
}

/** @throws FanoutError for a task that could never run, because its pool is unknown or too small for it. */
export function checkPools(plan: Plan, { sizes }: Pools): void {
  for (const { task_id, pool, pool_slots, at } of plan.tasks) {
    const slots = sizes.get(pool);
    if (slots === undefined) {
      throw new FanoutError("unknown-pool", `'${task_id}' takes slots of the pool '${pool}', which there is not.`, {
        at,
        advice: `Add it to "pools" in fanout.config.json: { "pools": { ${JSON.stringify(pool)}: 4 } }.`,
      });
    }
    if (pool_slots > slots) {
      const message = `An instance of '${task_id}' takes ${String(pool_slots)} slots of the pool '${pool}', which has ${String(slots)}.`;
      throw new FanoutError("invalid-option", message, {
        at,
        advice: "Make the pool larger, or 'pool_slots' smaller.",
      });
    }
  }
}
