import type { RunEvent } from "../model/runEvent.js";
import type { ParamsOf, ResultOf } from "./descriptor.js";
import { engineToClient } from "./engine.js";
import type { Answer, clientToEngine } from "./engine.js";
import {
  arrayOf,
  isBoolean,
  isCount,
  isNull,
  isNumber,
  isRecord,
  isString,
  nullable,
  optional,
  shape,
} from "./guards.js";
import type { Guard } from "./guards.js";
import {
  isDagModel,
  isInstanceDetails,
  isInstanceState,
  isPlannedTask,
  isRunDetails,
  isRunError,
  isRunEvent,
  isRunState,
  isRunSummary,
  isStateCounts,
  isStopped,
} from "./modelGuards.js";
import type { ExactGraph } from "./lsp.js";
import type { PreviewSnapshot, TaskOverlay, hostToPage, pageToHost } from "./preview.js";
import type { WireMessage } from "./wire.js";

/**
 * What crosses a border between processes is checked here, by hand-written guards: a webview is a page that shows
 * text from DAG files, and an engine process runs beside code that people write.
 * Between host and page a message is an object `{ method, params }`; the engine's are in `wire.ts`.
 */
type MessageOf<C> = { readonly [K in keyof C]: { readonly method: K; readonly params: ParamsOf<C[K]> } }[keyof C];

export type PageMessage = MessageOf<typeof pageToHost>;
export type HostMessage = MessageOf<typeof hostToPage>;

const pageGuards: { readonly [K in keyof typeof pageToHost]: Guard<ParamsOf<(typeof pageToHost)[K]>> } = {
  ready: isNull,
  resync: isNull,
  revealTask: shape({ task_id: isString }),
  chooseDag: shape({ dag_id: isString }),
  run: isNull,
  cancel: isNull,
  openLog: shape({ task_id: isString }),
};

/** Page → host. Null: not a message of this channel; the host ignores it. */
export function parsePageMessage(value: unknown): PageMessage | null {
  const message = methodAndParams(value, pageGuards);
  return message as PageMessage | null;
}

const isTaskOverlay = shape<TaskOverlay>({
  task_id: isString,
  state: isInstanceState,
  count: nullable(isCount),
  counts: isStateCounts,
  cancelled: optional(isCount),
});

const hostGuards: { readonly [K in keyof typeof hostToPage]: Guard<ParamsOf<(typeof hostToPage)[K]>> } = {
  // The host is our own code and its model may hold thousands of tasks: only what tells versions apart is looked at.
  snapshot: (value): value is PreviewSnapshot => isRecord(value) && isCount(value["revision"]) && "model" in value,
  runDelta: shape({
    ...{ revision: isCount, tasks: arrayOf(isTaskOverlay), state: isRunState, stopped: isStopped },
    ...{ start: isNumber, end: nullable(isNumber) },
  }),
  selectTask: shape({ task_id: nullable(isString) }),
};

/** Host → page. Null: not ours (the workbench and browser extensions post messages too). */
export function parseHostMessage(value: unknown): HostMessage | null {
  const message = methodAndParams(value, hostGuards);
  return message as HostMessage | null;
}

const isExactGraph = shape<ExactGraph>({
  uri: isString,
  version: isNumber,
  answer: (value): value is ExactGraph["answer"] => parseAnswer("exactGraphs", value) !== null,
});

/** Client → server. Null: any editor may speak to the server, and this is none of ours. */
export function parseExactGraph(value: unknown): ExactGraph | null {
  return isExactGraph(value) ? value : null;
}

export type EngineMessage =
  | { readonly type: "event"; readonly event: RunEvent }
  /** `result` still has to pass `parseAnswer` of the method that was asked. */
  | { readonly type: "result"; readonly id: number; readonly result: unknown }
  /** The request could not be answered at all. */
  | { readonly type: "failure"; readonly id: number; readonly message: string };

/** Engine → client, one line as `decodeWireMessage` gave it. Null: nothing that an engine may send. */
export function parseEngineMessage(message: WireMessage | null): EngineMessage | null {
  if (message?.type === "result" || message?.type === "failure") return message;
  if (message?.type !== "notification" || message.method !== engineToClient.runEvent.method) return null;
  const event = parseRunEvent(message.params);
  return event === null ? null : { type: "event", event };
}

/** Null: not an event of this version. */
export function parseRunEvent(value: unknown): RunEvent | null {
  return isRunEvent(value) ? value : null;
}

type EngineRequests = typeof clientToEngine;
export type EngineMethod = keyof EngineRequests;
export type EngineAnswer<M extends EngineMethod> = ResultOf<EngineRequests[M]>;

type ValueOf<A> = A extends Answer<infer T> ? T : never;

const valueGuards: { readonly [M in EngineMethod]: Guard<ValueOf<EngineAnswer<M>>> } = {
  startRun: shape({ run_id: isString, home: isString }),
  planAction: arrayOf(isPlannedTask),
  resumeRun: shape({ run_id: isString, home: isString, code_changed: isBoolean }),
  cancelRun: isBoolean,
  exactGraphs: arrayOf(isDagModel),
  listRuns: shape({ home: isString, runs: arrayOf(isRunSummary) }),
  showRun: isRunDetails,
  followRun: shape({ events: arrayOf(isRunEvent), next: isCount, live: isBoolean }),
  showInstance: isInstanceDetails,
  readLog: isString,
};

/** The result of a request to the engine. Null: it answered something else; treat it as broken. */
export function parseAnswer<M extends EngineMethod>(method: M, result: unknown): EngineAnswer<M> | null {
  if (!isRecord(result)) return null;
  const valid = result["ok"] === true ? valueGuards[method](result["value"]) : isRefusal(result);
  return valid ? (result as EngineAnswer<M>) : null;
}

function isRefusal(result: Record<string, unknown>): boolean {
  return result["ok"] === false && isRunError(result["error"]);
}

function methodAndParams(
  value: unknown,
  guards: Readonly<Record<string, Guard<unknown>>>,
): { method: string; params: unknown } | null {
  if (!isRecord(value) || !isString(value["method"]) || !Object.hasOwn(guards, value["method"])) return null;
  const guard = guards[value["method"]];
  const params = value["params"] ?? null;
  return guard?.(params) === true ? { method: value["method"], params } : null;
}
