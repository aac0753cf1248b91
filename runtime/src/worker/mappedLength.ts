import type { TaskDeclaration } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";
import { lengthOf } from "./inputs.js";

/**
 * The number of entries of a result that something maps over, after the checks that Airflow makes when it is pushed.
 * @throws FanoutError `xcom-not-pushed`, `not-mappable` or `xcom-too-long`, which fail the task that returned it.
 */
export function mappedLength(
  { task_id, at }: TaskDeclaration,
  value: unknown,
  xcom: string | null,
  maxMapLength: number,
): number {
  if (xcom === null) {
    const message = `'${task_id}' returned nothing, but another task maps over its result.`;
    throw new FanoutError("xcom-not-pushed", message, { at, advice: "Return a list or a dict." });
  }
  const length = lengthOf(value);
  if (length === null) {
    const message = `'${task_id}' returned a ${typeof value}, which cannot be mapped over.`;
    throw new FanoutError("not-mappable", message, { at, advice: "Return a list or a dict." });
  }
  if (length <= maxMapLength) return length;
  const message = `'${task_id}' returned ${String(length)} entries, but at most ${String(maxMapLength)} can be mapped over.`;
  const advice = "Return fewer, such as lists of them, or set AIRFLOW__CORE__MAX_MAP_LENGTH.";
  throw new FanoutError("xcom-too-long", message, { at, advice });
}
