import type { DagModel } from "#core/model/dag.js";
import { FanoutError } from "../errors.js";

/**
 * The exact graph of a DAG file: executes it in a worker process, never in the caller.
 * @throws FanoutError with code and place.
 */
export function loadModel(file: string, dag_id?: string): Promise<DagModel> {
  return Promise.reject(new FanoutError("not-supported-yet", `'${dag_id ?? file}' cannot be loaded yet.`));
}
