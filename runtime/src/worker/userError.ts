import path from "node:path";
import { fileURLToPath } from "node:url";
import { inspect } from "node:util";
import type { RunErrorCode } from "#core/errorCodes.js";
import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "../authoring/authoringError.js";
import { FanoutError } from "../errors.js";

/** Where Fanout's own code lies: its bundles, the sources that they map to, and what it made of DAG files. */
export type OwnFolders = readonly string[];

/** Seen from the file of a bundle. */
export function ownFolders(bundle: string): OwnFolders {
  const root = path.resolve(path.dirname(bundle), "../..");
  return ["dist", "runtime/src", "core/src"].map((folder) => path.join(root, folder) + path.sep);
}

const CAUSE = "Caused by: ";

/** The first that looks like one: a path may hold brackets and blanks, as in `/home/ada/flows (copy)`. */
const LOCATION = /^(?:async )?(?:.*? \()?((?:file:\/\/|node:|\/|[A-Za-z]:[\\/]).*):(\d+):(\d+)\)?$/;

/** Whatever a person's code threw, with their own frames only; positions are in their sources already. */
export function describeThrown(thrown: unknown, code: RunErrorCode, own: OwnFolders): RunError {
  const known = knownError(thrown);
  if (known) return known;
  if (!(thrown instanceof Error)) return { code, message: messageOf(thrown) };
  const { text, at } = userStack(thrown, own);
  return { code, message: messageOf(thrown), ...(at && { at }), stack: text };
}

/** Errors within an error that are told of: some gather hundreds of them, and some hold themselves. */
const MOST_INNER = 10;
const DEEPEST = 5;

/** A stack without frames of Node and Fanout, and the first place in it that is the person's own file. */
function userStack(error: Error, own: OwnFolders): { text: string; at: SourcePoint | null } {
  const frames = userFrames(error, own);
  const at = frames.map(pointOf).find((point) => point && !point.file.includes("node_modules")) ?? null;
  return { text: [headOf(error), ...frames, ...innerLines(error, own, { left: MOST_INNER }, DEEPEST)].join("\n"), at };
}

function userFrames(error: Error, own: OwnFolders): string[] {
  const lines = typeof error.stack === "string" ? error.stack.split("\n") : [];
  const firstFrame = lines.findIndex((line) => line.startsWith("    at "));
  return firstFrame < 0 ? [] : lines.slice(firstFrame).filter((line) => isUserFrame(line, own));
}

/** Its causes and, of an `AggregateError`, those that it gathers. */
function innerLines(error: Error, own: OwnFolders, budget: { left: number }, deep: number): string[] {
  const inner = [
    ...gathered(error).map((each, index, { length }) => [`Error ${index + 1} of ${length}: `, each] as const),
    ...(error.cause === undefined || error.cause === null ? [] : [[CAUSE, error.cause] as const]),
  ];
  const lines: string[] = [];
  for (const [title, thrown] of inner) {
    if (budget.left === 0 || deep === 0) return [...lines, "…"];
    budget.left--;
    if (!(thrown instanceof Error)) lines.push(title + messageOf(thrown));
    else lines.push(title + headOf(thrown), ...userFrames(thrown, own), ...innerLines(thrown, own, budget, deep - 1));
  }
  return lines;
}

function gathered(error: Error): readonly unknown[] {
  if (!("errors" in error) || !Array.isArray(error.errors)) return [];
  return error instanceof AggregateError || error.name === "AggregateError" ? error.errors : [];
}

function knownError(thrown: unknown): RunError | null {
  if (FanoutError.is(thrown)) return thrown.toRunError();
  if (!AuthoringError.is(thrown)) return null;
  return { code: thrown.code, message: thrown.message, ...(thrown.at && { at: thrown.at }) };
}

function headOf(error: Error): string {
  return error.message ? `${error.name}: ${error.message}` : error.name;
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2 });
  return thrown.name === "Error" && thrown.message ? thrown.message : headOf(thrown);
}

function isUserFrame(line: string, own: OwnFolders): boolean {
  const point = pointOf(line);
  if (!point) return false;
  return !point.file.startsWith("node:") && !own.some((folder) => point.file.startsWith(folder));
}

function pointOf(frame: string): SourcePoint | null {
  const [, location, line, column] = LOCATION.exec(frame.replace(/^\s+at /, "")) ?? [];
  if (location === undefined || location.includes("<anonymous>")) return null;
  const file = location.startsWith("file://") ? fileURLToPath(location) : location;
  return { file, line: Number(line), column: Number(column) };
}
