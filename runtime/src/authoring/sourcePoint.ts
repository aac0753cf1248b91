import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { SourcePoint } from "#core/model/source.js";

/*
 * Where in the DAG file a call was made.
 *
 * V8 gives the position in the file that runs, which is usually a bundle. Node translates it once
 * `process.setSourceMapsEnabled(true)` was called before the bundle was imported, as the engine's workers do; without
 * that it stays as it is. Only a few frames are captured and no stack text is ever built, so a point costs microseconds.
 */

/** A function on the stack; the frame below its last call is the one that is wanted. */
export type Boundary = (...args: never) => unknown;

/** Enough to look through a native function such as `map` that calls ours. */
const FRAMES = 3;

/** The place that called the first of `boundaries` that is on the stack. */
export function callerOf(...boundaries: readonly Boundary[]): SourcePoint | undefined {
  for (const boundary of boundaries) {
    const generated = generatedPoint(boundary);
    if (generated !== undefined) return mapPoint(generated);
  }
  return undefined;
}

/** The place that called the method `name` of `self`. */
export function callerOfMethod<K extends PropertyKey>(
  self: Readonly<Record<K, unknown>>,
  name: K,
): SourcePoint | undefined {
  return callerOf(self[name] as Boundary);
}

function generatedPoint(boundary: Boundary): SourcePoint | undefined {
  const { stackTraceLimit } = Error;
  const prepareStackTrace = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = FRAMES;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    Error.captureStackTrace(holder, boundary);
    return (holder.stack as readonly NodeJS.CallSite[]).map(pointOf).find((point) => point !== undefined);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    restore(prepareStackTrace);
  }
}

function restore(prepareStackTrace: PropertyDescriptor | undefined): void {
  if (prepareStackTrace === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
  else Object.defineProperty(Error, "prepareStackTrace", prepareStackTrace);
}

function pointOf(site: NodeJS.CallSite): SourcePoint | undefined {
  const file = site.getFileName();
  const line = site.getLineNumber();
  const column = site.getColumnNumber();
  if (!file || file.startsWith("node:") || line === null || column === null) return undefined;
  return { file, line, column };
}

function mapPoint(generated: SourcePoint): SourcePoint {
  return toPath(mapByNode(generated) ?? generated);
}

function mapByNode(generated: SourcePoint): SourcePoint | undefined {
  const entry = findSourceMap(generated.file)?.findEntry(generated.line - 1, generated.column - 1);
  if (entry === undefined || !("originalSource" in entry)) return undefined;
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** Modules are named by URL in ESM and by path in CommonJS; the model knows only paths. */
function toPath(point: SourcePoint): SourcePoint {
  return point.file.startsWith("file:") ? { ...point, file: fileURLToPath(point.file) } : point;
}
