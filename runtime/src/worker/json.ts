import { isDict, referenceOf } from "../authoring/brand.js";
import type { Reference } from "../authoring/declaration.js";
import { type DescribedReference, RESULT_MARKER } from "../engine/resultMarker.js";
import { FanoutError } from "../errors.js";

/** Results go through the engine's memory and into one row of the run's record. */
const MOST_BYTES = 100 * 2 ** 20;
/** Whoever reads a value goes into it as deep as it is. Source: Airflow's `MAX_RECURSION_DEPTH`. */
const MOST_DEPTH = 999;

/**
 * The JSON text of a task's result, null where it returned nothing. Refusals call it by `name`.
 * @throws FanoutError `xcom-not-serializable` where JSON would lose or change what was returned, `result-too-large`.
 */
export function toResultJson(value: unknown, name = "The result"): string | null {
  if (value === undefined || value === null) return null;
  check(value, name, []);
  // Checked: neither functions nor symbols, the two kinds of values without a JSON text.
  const text = JSON.stringify(value);
  // No character takes more than three bytes: few texts have to be measured.
  if (text.length > MOST_BYTES / 3 && Buffer.byteLength(text) > MOST_BYTES) refuseSize(name);
  return text;
}

function refuseSize(name: string): never {
  const message = `${name} is longer than ${String(MOST_BYTES / 2 ** 20)} MB as JSON.`;
  const advice = "Write the data into a file or a database and return where it is.";
  throw new FanoutError("result-too-large", message, { advice });
}

/** `parents`: the objects around it, the outermost first. */
function check(value: unknown, path: string, parents: object[]): void {
  if (typeof value === "number" && !Number.isFinite(value)) refuse(path, String(value), "use null or a text instead");
  if (typeof value === "bigint") refuse(path, "a BigInt", "turn it into a number or a text");
  if (typeof value === "function") refuse(path, "a function", "return plain data");
  if (typeof value === "symbol") refuse(path, "a symbol", "return plain data");
  if (typeof value === "object" && value !== null) checkObject(value, path, parents);
}

function checkObject(value: object, path: string, parents: object[]): void {
  if (parents.includes(value)) refuse(path, "a reference to an object that contains it", "return a tree of plain data");
  if (parents.length >= MOST_DEPTH) refuseDepth(path);
  parents.push(value);
  if (Array.isArray(value)) checkItems(value, path, parents);
  else checkEntries(value, path, parents);
  parents.pop();
}

/** Of an object, what is undefined is left out, and is undefined for whoever reads it; of a list it would become null. */
function checkItems(items: readonly unknown[], path: string, parents: object[]): void {
  for (let index = 0; index < items.length; index++) {
    const item = items[index];
    const place = `${path}[${String(index)}]`;
    if (item === undefined) refuse(place, "undefined", "use null, or leave it out of the list");
    check(item, place, parents);
  }
}

function checkEntries(value: object, path: string, parents: object[]): void {
  if (value instanceof Map) refuse(path, "a Map", "use Object.fromEntries(map)");
  if (value instanceof Set) refuse(path, "a Set", "use [...set]");
  if (value instanceof Promise) refuse(path, "a Promise", "await it before returning");
  if (value instanceof WeakMap || value instanceof WeakSet || value instanceof RegExp || value instanceof Error) {
    refuse(path, withArticle(value.constructor.name), "return plain data");
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) {
    refuse(path, withArticle(value.constructor.name), "use Array.from(…) or a base64 text");
  }
  if (referenceOf(value)) refuse(path, "a reference to a task's result", "return the value itself");
  if ("toJSON" in value && typeof value.toJSON === "function") return;
  for (const [name, inner] of Object.entries(value)) check(inner, `${path}.${name}`, parents);
}

function withArticle(name: string): string {
  return `${/^[AEIOU](?!int)/.test(name) ? "an" : "a"} ${name}`;
}

/** All of the path would be as long as the value is deep. */
function refuseDepth(path: string): never {
  const [name = ""] = path.split(/[.[]/, 1);
  throw new FanoutError("xcom-not-serializable", `${name} is nested more than ${String(MOST_DEPTH)} levels deep.`, {
    advice: "Return a flat list of records that name their parents, or write the data into a file.",
  });
}

function refuse(path: string, what: string, advice: string): never {
  throw new FanoutError("xcom-not-serializable", `${path} holds ${what}, which JSON cannot carry to the next task.`, {
    advice: `${advice.charAt(0).toUpperCase()}${advice.slice(1)}.`,
  });
}

/** JSON text of any inputs, for people to read: references become markers, what JSON cannot say becomes a text. */
export function describeJson(value: unknown): string {
  // By far the most frequent, for each of 100,000 instances.
  if (isFlat(value)) return JSON.stringify(value);
  return JSON.stringify(describable(value, [])) ?? "null";
}

/** A dict of which JSON says all that there is to say. */
function isFlat(value: unknown): boolean {
  if (!isDict(value)) return false;
  for (const name in value) {
    const one = value[name];
    if (typeof one !== "string" && typeof one !== "boolean" && one !== null && !Number.isFinite(one)) return false;
  }
  return true;
}

function describable(value: unknown, parents: readonly object[]): unknown {
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (typeof value === "bigint" || typeof value === "symbol") return String(value);
  if (typeof value === "function") return `[function ${value.name}]`;
  if (typeof value !== "object" || value === null) return value;
  if (parents.includes(value)) return "[circular]";
  const reference = referenceOf(value);
  if (reference) return { [RESULT_MARKER]: describeReference(reference) };
  const within = [...parents, value];
  if (Array.isArray(value)) return value.map((item) => describable(item, within));
  if (isDict(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, describable(inner, within)]));
  }
  return value instanceof Date ? value.toJSON() : `[${value.constructor.name}]`;
}

function describeReference(reference: Reference): DescribedReference {
  switch (reference.type) {
    case "mapped_argument":
      return {
        ...{ argument: reference.name, group: reference.group_id },
        ...(reference.key !== null && { key: reference.key }),
      };
    case "task":
      return reference.key === null ? reference.task_id : { get: reference.task_id, key: reference.key };
    case "map":
      return { map: describeReference(reference.of) };
    case "zip": {
      const fill = "fillvalue" in reference ? { fillvalue: describable(reference.fillvalue, []) } : {};
      return { zip: reference.of.map(describeReference), ...fill };
    }
    case "concat":
      return { concat: reference.of.map(describeReference) };
  }
}
