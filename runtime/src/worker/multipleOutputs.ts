import { isDict } from "../authoring/brand.js";
import type { TaskDeclaration } from "../authoring/declaration.js";
import { describe } from "../authoring/values.js";
import { FanoutError } from "../errors.js";

/**
 * The entries of a result of `multiple_outputs`, as keys and JSON texts; the result has been found to survive JSON.
 * @throws FanoutError `multiple-outputs` where it is no dict with texts for keys.
 */
export function multipleOutputs({ task_id, at }: TaskDeclaration, value: unknown): [key: string, json: string][] {
  if (!isDict(value)) {
    const message = `'${task_id}' has multiple_outputs and must return a dict, not ${describe(value)}.`;
    throw new FanoutError("multiple-outputs", message, { at, advice: "Return an object, such as { rows, columns }." });
  }
  const [symbol] = Object.getOwnPropertySymbols(value);
  if (symbol !== undefined) {
    const message = `'${task_id}' has multiple_outputs and returned a dict with the key ${String(symbol)}.`;
    throw new FanoutError("multiple-outputs", message, { at, advice: "Use only texts for keys." });
  }
  // What is undefined has no JSON and is no entry of the result either.
  return Object.entries(value).flatMap(([key, entry]): [string, string][] => {
    const json = JSON.stringify(entry) as string | undefined;
    return json === undefined ? [] : [[key, json]];
  });
}
