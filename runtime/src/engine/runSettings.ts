import path from "node:path";
import { DEFAULT_MAX_MAP_LENGTH, type Fsync } from "#core/configuration.js";
import { FanoutError } from "../errors.js";
import { type ProjectConfig, readProjectConfig } from "../loader/projectConfig.js";
import type { WorkerCaps } from "../pool/poolClient.js";
import { type Pools, readPools } from "./pools.js";

const LENGTH_VARIABLE = "AIRFLOW__CORE__MAX_MAP_LENGTH";

/** What is not said by the DAG but by the project and the environment that it runs in. */
export interface RunSettings {
  readonly pools: Pools;
  /** Most entries of a result that is mapped over. */
  readonly maxMapLength: number;
  readonly fsync: Fsync;
  readonly caps: WorkerCaps;
}

/** @throws FanoutError `invalid-option` */
export async function readRunSettings(options: {
  readonly file: string;
  readonly maxMapLength?: number;
}): Promise<RunSettings> {
  const config = await readProjectConfig(path.resolve(options.file));
  const { fsync, workerMemoryMb, logMb } = config;
  const maxMapLength = maxMapLengthOf(options.maxMapLength, config);
  return { pools: readPools(config), maxMapLength, fsync, caps: { workerMemoryMb, logMb } };
}

/** What the caller says, else the environment, as Airflow reads it too, else the configuration. */
function maxMapLengthOf(given: number | undefined, config: ProjectConfig): number {
  const variable = process.env[LENGTH_VARIABLE]?.trim();
  const limit = given ?? (variable ? Number(variable) : (config.maxMapLength ?? DEFAULT_MAX_MAP_LENGTH));
  if (Number.isInteger(limit) && limit > 0) return limit;
  const name = given === undefined ? LENGTH_VARIABLE : "maxMapLength";
  throw new FanoutError("invalid-option", `'${name}' must be a whole number, 1 or more.`);
}
