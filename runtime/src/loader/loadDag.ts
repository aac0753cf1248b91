import type { DagModel } from "#core/model/dag.js";
import { openDag } from "./openDag.js";

/**
 * The exact graph of a DAG file: executes it in a worker process, never in the caller.
 * @throws FanoutError with code and place.
 */
export async function loadModel(file: string, dag_id?: string): Promise<DagModel> {
  const { pool, dag } = await openDag({ file, ...(dag_id !== undefined && { dag_id }), parallelism: 1 });
  await pool.close();
  return dag.model;
}
