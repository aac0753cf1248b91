import type { SourcePoint } from "#core/model/source.js";
import { Param } from "../authoring/param.js";
import { FanoutError } from "../errors.js";
import { bundleFile } from "../pool/runtimeFiles.js";
import { requireBundle } from "../requireBundle.js";
import type { SchemaChecker } from "./schema.js";

/** What is known of one param; plain JSON. */
export interface ParamSpec {
  /** Left out: whoever starts the run has to give one. */
  readonly value?: unknown;
  /** JSON schema; null for a plain value, which may become anything. */
  readonly schema: Readonly<Record<string, unknown>> | null;
}

/** By name, in the order of the code. */
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

type Values = Readonly<Record<string, unknown>>;

/**
 * Params as a DAG or task declares them: values and `Param`s.
 * @throws FanoutError `invalid-params` for a value that JSON cannot carry.
 */
export function describeParams(params: Values, at: SourcePoint | undefined): ParamSpecs {
  const specs = Object.entries(params).map(([name, given]): readonly [string, ParamSpec] => {
    const [value, schema] = Param.is(given) ? [given.value, given.schema] : [given ?? null, null];
    return [name, { ...(value !== undefined && { value: plainJson(name, value, at) }), schema }];
  });
  return Object.fromEntries(specs);
}

/** Params with others put over them: a plain value keeps the schema of what it replaces, a `Param` brings its own. */
export function overlayParams(below: ParamSpecs, above: ParamSpecs): ParamSpecs {
  const merged: Record<string, ParamSpec> = { ...below };
  for (const [name, spec] of Object.entries(above)) {
    merged[name] = spec.schema === null ? { ...spec, schema: below[name]?.schema ?? null } : spec;
  }
  return merged;
}

/**
 * The values of the params, with those of the run put over them: names that nobody declared are kept, as in Airflow.
 * @throws FanoutError `invalid-params` for the first value that is missing or that its schema does not allow.
 */
export function paramValues(specs: ParamSpecs, conf: Values, at: SourcePoint | undefined): Record<string, unknown> {
  const given = overlayParams(specs, describeParams(conf, at));
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(given)) {
    if (!("value" in spec)) {
      const advice = `Give one: --params '{"${name}": …}'.`;
      throw new FanoutError("invalid-params", `The param '${name}' has no value and no default.`, { at, advice });
    }
    checkValue(name, spec, at);
    values[name] = spec.value;
  }
  return values;
}

function checkValue(name: string, { value, schema }: ParamSpec, at: SourcePoint | undefined): void {
  if (schema === null || Object.keys(schema).length === 0) return;
  const { findProblem } = requireBundle<SchemaChecker>(bundleFile("params.cjs"));
  const problem = findProblem(schema, value);
  if (problem === null) return;
  const shown = JSON.stringify(value);
  const { isSchema, reason } = problem;
  const message = isSchema
    ? `The schema of the param '${name}' is none: ${reason}.`
    : `The param '${name}' is ${shown.length > 200 ? `${shown.slice(0, 200)}…` : shown}: ${reason}.`;
  throw new FanoutError("invalid-params", message, { at, advice: "Change the value, or what the Param allows." });
}

function plainJson(name: string, value: unknown, at: SourcePoint | undefined): unknown {
  try {
    const text = JSON.stringify(value, refuseNonJson) as string | undefined;
    if (text !== undefined) return JSON.parse(text);
  } catch {
    // Said below.
  }
  throw new FanoutError("invalid-params", `JSON cannot carry the value of the param '${name}'.`, { at });
}

function refuseNonJson(_: string, value: unknown): unknown {
  const isRefused = typeof value === "function" || typeof value === "symbol" || Number.isNaN(value);
  if (isRefused || value === Infinity || value === -Infinity) throw new TypeError("no JSON");
  return value;
}
