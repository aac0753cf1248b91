import { appendFileSync, closeSync, openSync, readSync } from "node:fs";
import type { RunError } from "#core/model/run.js";
import { secondsText } from "#core/secondsText.js";
import { FanoutError } from "../errors.js";
import { REPORT, type ResultReport, decodeResult } from "./messages.js";
import type { Interrupted, PoolClient } from "./poolClient.js";
import type { PoolWorker } from "./worker.js";

/** Airflow's own limit for callbacks that its DAG processor makes, and the variable that sets another one. */
const DEFAULT_TIMEOUT_S = 50;
const TIMEOUT_VARIABLE = "AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT";
const COPIED = 65_536;

/** Callbacks that a worker makes around an instance. */
export interface CallingBack {
  /** In `performance.now()`. */
  readonly since: number;
  /** How the instance ended, whatever becomes of the callbacks; null where they come before its body. */
  readonly result: ResultReport | null;
}

/** Callbacks that a worker was asked for apart from its instances. */
export interface CallbackWork {
  readonly since: number;
  /** Called once with the bytes of its log segment that they wrote. */
  readonly end: (log: readonly [from: number, to: number]) => void;
}

/** @throws FanoutError `invalid-option` */
export function callbackTimeoutMs(): number {
  const given = process.env[TIMEOUT_VARIABLE]?.trim() ?? "";
  const seconds = given === "" ? DEFAULT_TIMEOUT_S : Number(given);
  if (Number.isFinite(seconds) && seconds > 0) return seconds * 1000;
  throw new FanoutError("invalid-option", `'${TIMEOUT_VARIABLE}' must be a number of seconds, more than 0.`);
}

/** Notes what a worker tells of callbacks; false where the line is about something else. */
export function followCallbacks(worker: PoolWorker, line: string): boolean {
  switch (line.charAt(0)) {
    case REPORT.callbacksBegin:
      worker.callingBack = { since: performance.now(), result: line.length > 1 ? decodeResult(line) : null };
      return true;
    case REPORT.callbacksEnd:
      worker.callingBack = null;
      worker.busySince = performance.now();
      return true;
    case REPORT.abandoned:
      worker.abandoned = decodeResult(line);
      return true;
    case REPORT.calledBack: {
      const log = JSON.parse(line.slice(1)) as [number, number];
      worker.logEnd = log[1];
      worker.isReady = true;
      worker.callbackWork?.end(log);
      worker.callbackWork = null;
      return true;
    }
    default:
      return false;
  }
}

/** Tells how the instance ended whose process is gone, where that is known: false where it is not. */
export function tellEnd(worker: PoolWorker, { segment, log }: Interrupted, client: PoolClient): boolean {
  const { abandoned, callingBack } = worker;
  if (abandoned) client.onAbandoned(segment, { ...abandoned, log });
  else if (callingBack?.result) client.onResult(segment, { ...callingBack.result, log });
  return abandoned !== null || (callingBack?.result ?? null) !== null;
}

/** How long the callbacks that a worker makes have taken; 0 where it makes none. */
export function callbackAge({ callingBack, callbackWork }: PoolWorker, now: number): number {
  const since = callingBack?.since ?? callbackWork?.since;
  return since === undefined ? 0 : now - since;
}

export function callbackTimeout(limitMs: number): RunError {
  const message = `The callbacks took longer than ${secondsText(limitMs)} and were ended.`;
  const advice = `Do less in callbacks, or raise ${TIMEOUT_VARIABLE}.`;
  return { code: "task-timeout", message, advice };
}

/** Adds a part of one log to the end of another one. */
export function appendLog([from, to]: readonly [from: number, to: number], source: string, target: string): void {
  const fd = openSync(source, "r");
  try {
    const buffer = Buffer.alloc(COPIED);
    for (let at = from; at < to;) {
      const length = readSync(fd, buffer, 0, Math.min(COPIED, to - at), at);
      if (length === 0) return;
      appendFileSync(target, buffer.subarray(0, length));
      at += length;
    }
  } finally {
    closeSync(fd);
  }
}
