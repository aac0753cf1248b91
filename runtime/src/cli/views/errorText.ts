import { isAbsolute, relative } from "node:path";
import type { Colors } from "./colors.js";
import type { RunErrorCode } from "#core/errorCodes.js";
import type { RunError } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import { codeFrame, sourceLines } from "./codeFrame.js";
import { logLine } from "./text.js";

export interface ErrorView {
  readonly cwd: string;
  readonly colors: Colors;
  /** The text of a source file, or undefined where it cannot be read. */
  readonly readSource: (file: string) => string | undefined;
}

const MOST_FRAMES = 6;

/** How a stack names the errors within an error, see `worker/userError.ts`. */
const INNER = /^(?:Caused by|Error \d+ of \d+): /;

/** What is wrong with the file as a whole: its first line would say nothing about it. */
const WHOLE_FILE: readonly RunErrorCode[] = [
  "file-not-found",
  "not-a-dag-file",
  "no-dag",
  "several-dags",
  "unknown-dag",
];

/** `examples/adder.dag.ts:12:3`: relative where that is shorter to read, and clickable in every terminal. */
export function placeText(at: SourcePoint, cwd: string): string {
  return `${pathText(at.file, cwd)}:${at.line}:${at.column}`;
}

export function pathText(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === "" || path.startsWith("..") || isAbsolute(path) ? file : path;
}

/**
 * One failure, for a person:
 * ```
 * error not-mappable  'x' of task 'add' got 3, which is neither a list nor a dict.
 *   at dags/adder.dag.ts:9:38
 *   9 │ …
 *   Return a list or a dict from it.
 * ```
 * `title` stands before the message, e.g. which instance failed.
 */
export function errorLines(error: RunError, view: ErrorView, title = "error"): string[] {
  const { colors } = view;
  const [headline = "", ...details] = error.message.split("\n").map(logLine);
  return [
    `${colors.red(colors.bold(title))} ${colors.dim(error.code)}  ${headline}`,
    ...indented(details),
    ...indented(placeLines(error, view)),
    ...indented(stackLines(error, view)),
    ...(error.advice === undefined ? [] : [`  ${colors.cyan("→")} ${error.advice}`]),
  ];
}

function placeLines({ at, code }: RunError, view: ErrorView): string[] {
  if (at === undefined) return [];
  const source = WHOLE_FILE.includes(code) ? undefined : view.readSource(at.file);
  return [
    `${view.colors.dim("at")} ${placeText(at, view.cwd)}`,
    ...(source === undefined ? [] : codeFrame(sourceLines(source), at, view.colors)),
  ];
}

/** The user's own frames, and what errors there are within the error; the first frame is the place itself and is not repeated. */
function stackLines(error: RunError, view: ErrorView): string[] {
  const lines = (error.stack ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at ") || INNER.test(line))
    .map((line) => logLine(line).replaceAll(`${view.cwd}/`, ""));
  const own =
    error.at === undefined ? lines : lines.filter((line) => INNER.test(line) || !line.includes(position(error.at)));
  let frames = 0;
  return own.filter((line) => INNER.test(line) || ++frames <= MOST_FRAMES).map((line) => view.colors.dim(line));
}

function position(at: SourcePoint | undefined): string {
  return at === undefined ? "" : `:${at.line}:${at.column}`;
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** What happened to an instance, above its error. */
export function outcomeTitle(label: string, { code }: RunError): string {
  return `${label} ${code === "cancelled" ? "was cancelled" : "failed"}`;
}

/** Why a run ended before all of its tasks had. That it was cancelled, its ended instances have said already. */
export function runErrorLines(error: RunError | null, hasFailures: boolean, view: ErrorView): string[] {
  if (error === null) return [];
  if (!hasFailures || error.code !== "cancelled") return ["", ...errorLines(error, view)];
  return error.advice === undefined ? [] : ["", `  ${view.colors.cyan("→")} ${error.advice}`];
}
