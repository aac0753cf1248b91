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

/** A stack without frames of Node and Fanout, and the first place in it that is the person's own file. */
function userStack(error: Error, own: OwnFolders): { text: string; at: SourcePoint | null } {
  const lines = typeof error.stack === "string" ? error.stack.split("\n") : [];
  const firstFrame = lines.findIndex((line) => line.startsWith("    at "));
  const frames = firstFrame < 0 ? [] : lines.slice(firstFrame).filter((line) => isUserFrame(line, own));
  const at = frames.map(pointOf).find((point) => point && !point.file.includes("node_modules")) ?? null;
  const cause = error.cause instanceof Error ? `\nCaused by: ${userStack(error.cause, own).text}` : "";
  return { text: [headOf(error), ...frames].join("\n") + cause, at };
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
