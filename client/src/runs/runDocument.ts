import { UNMAPPED_INDEX, isFinished } from "#core/model/run.js";
import type { InstanceDetails, InstanceSummary, RunError } from "#core/model/run.js";
import { shownTry } from "#core/model/shownState.js";
import type { LogAddress } from "#core/protocol/engine.js";
import { isCount, isMapIndex, isRecord, isString } from "#core/protocol/guards.js";

/** What of an instance can be opened as a read-only document. */
export type RunDocumentKind = "log" | "rendered" | "xcom";

export const RUN_SCHEME = "fanout-run";

export interface RunDocument {
  readonly kind: RunDocumentKind;
  readonly address: LogAddress;
  /** What the instance's template calls it, for the title only. */
  readonly name?: string | null;
}

/** ECMA-48 control sequences (colours, cursor moves) and titles. */
const COLOUR_CODES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\))/g;

const suffixes: Readonly<Record<RunDocumentKind, string>> = {
  log: ".log",
  rendered: " inputs.json",
  xcom: " xcom.json",
};

/** Path and query of the document's address; the path's last part is what the tab shows. */
export function addressOf({ kind, address, name }: RunDocument): { readonly path: string; readonly query: string } {
  const { run_id, task_id, map_index, try_number } = address;
  const index = map_index === UNMAPPED_INDEX ? "" : ` [${map_index}]`;
  const named = name === undefined || name === null ? "" : ` ${pathPart(name)}`;
  const tried = try_number === undefined ? "" : ` try ${try_number}`;
  const path = `/${pathPart(run_id)}/${pathPart(task_id)}${index}${named}${tried}${suffixes[kind]}`;
  return { path, query: JSON.stringify({ kind, ...address }) };
}

/** The document that an address names, or null where somebody else made it. */
export function parseAddress(query: string): RunDocument | null {
  const value = parseJson(query);
  if (!isRecord(value)) return null;
  const { kind, home, run_id, task_id, map_index, try_number } = value as Partial<Record<string, unknown>>;
  if (kind !== "log" && kind !== "rendered" && kind !== "xcom") return null;
  if (!isString(home) || !isString(run_id) || !isString(task_id) || !isMapIndex(map_index)) return null;
  const tried = isCount(try_number) ? { try_number } : {};
  return { kind, address: { home, run_id, task_id, map_index, ...tried } };
}

/** The text of `rendered` and `xcom`: JSON as it was stored, so that the document stays JSON once there is a value. */
export function detailsText(kind: "rendered" | "xcom", details: InstanceDetails): string {
  // Null is what tasks return that return nothing.
  if (kind === "xcom" && !isFinished(details.state)) return "This instance has not returned yet.\n";
  return `${JSON.stringify(kind === "rendered" ? details.rendered : details.xcom, null, 2)}\n`;
}

export function refusalText({ message, advice }: RunError): string {
  return advice === undefined ? `${message}\n` : `${message}\n${advice}\n`;
}

/** A log as plain text: an editor shows colour codes as they are. */
export function logText(log: string): string {
  return log.replaceAll(COLOUR_CODES, "");
}

/** Why a try failed; the newest one where none is named. */
export function errorOf({ error, tries }: InstanceDetails, try_number?: number): RunError | null {
  if (try_number === undefined) return error;
  return tries.find((one) => one.try_number === try_number)?.error ?? null;
}

/** What stands in for a log in which there is nothing; of the newest try where none is named. */
export function emptyLogText(error: RunError | null, instance: InstanceSummary, try_number?: number): string {
  const { start } = instance;
  const state = shownTry({ state: instance.state, error });
  if (start === null && try_number === undefined) {
    const standing = state === "none" ? "not started" : state.replaceAll("_", " ");
    const why = error === null || state === "cancelled" ? [] : [error.message];
    return [`This instance did not run: ${standing}.`, ...why, ""].join("\n");
  }
  if (error === null) return "This instance wrote nothing.\n";
  if (error.code === "cancelled") return "This instance wrote nothing before it was cancelled.\n";
  return ["This instance wrote nothing. It failed:", error.stack ?? error.message, ""].join("\n");
}

function pathPart(id: string): string {
  return id.replaceAll(/[/\\]/g, "_");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
