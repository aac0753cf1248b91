import { findSourceMap } from "node:module";
import { fileURLToPath } from "node:url";
import type { SourcePoint } from "#core/model/source.js";
import { registry } from "./registry.js";

/**
 * Where in the DAG file a call was made.
 *
 * V8 gives the position in the file that runs, which is usually a bundle. It is translated by the mapper that the
 * loader set with `setSourceMapper`, or else by the source maps that Node keeps once
 * `process.setSourceMapsEnabled(true)` was called before the bundle was imported. Without either it stays as it is.
 * Only one frame is captured, so a point costs about two microseconds and no stack text is ever built.
 */
export type SourceMapper = (generated: SourcePoint) => SourcePoint | undefined;

/** A function on the stack; the frame below its last call is the one that is wanted. */
export type Boundary = (...args: never) => unknown;

/** Replaces how generated positions become source positions; null leaves them as they are, which is what workers want. */
export function setSourceMapper(mapper: SourceMapper | null): void {
  registry().mapSource = mapper;
}

/** The place that called the first of `boundaries` that is on the stack. */
export function callerOf(...boundaries: readonly Boundary[]): SourcePoint | undefined {
  for (const boundary of boundaries) {
    const generated = generatedPoint(boundary);
    if (generated !== undefined) return mapPoint(generated);
  }
  return undefined;
}

/** The place that called the method `name` of `self`. */
export function callerOfMethod<K extends string>(self: Readonly<Record<K, unknown>>, name: K): SourcePoint | undefined {
  return callerOf(self[name] as Boundary);
}

function generatedPoint(boundary: Boundary): SourcePoint | undefined {
  const { stackTraceLimit } = Error;
  const prepareStackTrace = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  const holder: { stack?: unknown } = {};
  Error.stackTraceLimit = 1;
  Error.prepareStackTrace = (_, sites) => sites;
  try {
    Error.captureStackTrace(holder, boundary);
    const site = (holder.stack as readonly NodeJS.CallSite[] | undefined)?.[0];
    return site && pointOf(site);
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
  if (file === null || file === undefined || line === null || column === null) return undefined;
  return { file, line, column };
}

function mapPoint(generated: SourcePoint): SourcePoint {
  const { mapSource } = registry();
  const mapped = mapSource === undefined ? mapByNode(generated) : mapSource?.(toPath(generated));
  return toPath(mapped ?? generated);
}

function mapByNode(generated: SourcePoint): SourcePoint | undefined {
  const entry = findSourceMap(generated.file)?.findEntry(generated.line - 1, generated.column - 1);
  if (entry === undefined || !("originalSource" in entry)) return undefined;
  return { file: entry.originalSource, line: entry.originalLine + 1, column: entry.originalColumn + 1 };
}

/** Modules are named by URL in ESM and by path in CommonJS; the model knows only paths. A loader's `?query` is dropped. */
function toPath(point: SourcePoint): SourcePoint {
  return point.file.startsWith("file:") ? { ...point, file: fileURLToPath(point.file) } : point;
}
