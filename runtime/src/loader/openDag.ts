import { mkdirSync } from "node:fs";
import path from "node:path";
import type { LoadedDag } from "../engine/plan.js";
import { Pool } from "../pool/pool.js";
import { findHome } from "../store/home.js";
import { createHome } from "../store/runFolder.js";
import { bundleDag } from "./bundle.js";
import { checkDagFile } from "./dagFile.js";

export interface OpenedDag {
  /** Absolute path. */
  readonly file: string;
  readonly home: string;
  /** Has one worker that executed the file. */
  readonly pool: Pool;
  readonly dag: LoadedDag;
}

/**
 * Bundles a DAG file and executes it in a worker process.
 * @throws FanoutError with code and place; no process is left then.
 */
export async function openDag(given: string, dag_id: string | undefined, parallelism: number): Promise<OpenedDag> {
  const file = checkDagFile(given);
  const home = findHome(file);
  createHome(home);
  const cache = path.join(home, "cache");
  mkdirSync(cache, { recursive: true });
  const pool = new Pool({ parallelism, folder: cache, prefix: `${String(process.pid)}-${uniqueNumber()}-` });
  try {
    pool.warmUp();
    const bundle = await bundleDag(file, cache);
    return { file, home, pool, dag: await pool.load({ bundle, file, ...(dag_id !== undefined && { dag_id }) }) };
  } catch (thrown) {
    await pool.close();
    throw thrown;
  }
}

function uniqueNumber(): string {
  return process.hrtime.bigint().toString(36);
}
