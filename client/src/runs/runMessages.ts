import path from "node:path";
import { durationText } from "#core/durationText.js";
import type { RunError } from "#core/model/run.js";
import { UNMAPPED_INDEX } from "#core/model/run.js";
import type { FailedInstance, LiveRun } from "./liveRun.js";

/** `train [2]`, with what its template calls it, or only the name of a task that is not mapped. */
export function instanceName({ task_id, map_index, name }: Omit<FailedInstance, "error">): string {
  const numbered = map_index === UNMAPPED_INDEX ? task_id : `${task_id} [${map_index}]`;
  return name === null ? numbered : `${numbered} ${name}`;
}

export function errorText({ message, advice }: RunError): string {
  const sentence = message.endsWith(".") ? message : `${message}.`;
  return advice === undefined ? sentence : `${sentence} ${advice}`;
}

/** As `errorText`, with file and line in front, unless it names the file itself: nothing was started that would tell. */
export function placedErrorText(error: RunError): string {
  const { at } = error;
  if (at === undefined) return errorText(error);
  const name = path.basename(at.file);
  const text = errorText(error);
  return text.includes(at.file) ? text.replaceAll(at.file, name) : `${name}:${at.line}: ${text}`;
}

export function progressText(run: LiveRun): string {
  const { finished, known } = run.progress();
  return `${finished} of ${known}`;
}

/** `part`: what was run of the DAG, where that was not the whole. */
export function successText(run: LiveRun, part: string | null): string {
  const name = part === null ? `'${run.dag_id}'` : `'${part}' of '${run.dag_id}'`;
  return `${name} succeeded in ${durationText(run.duration ?? 0)}.`;
}

/** Why a run failed, as one notification: the run's own error, else the first instance that failed. */
export function failureText(run: LiveRun): string {
  if (run.wasCancelled) return `The run of '${run.dag_id}' was cancelled.`;
  const [first, ...others] = run.failures();
  if (run.error !== null || first === undefined) return `The run of '${run.dag_id}' failed: ${reason(run.error)}`;
  const more = others.length === 0 ? "" : ` (and ${others.length} more)`;
  return `'${instanceName(first)}'${more} of '${run.dag_id}' failed: ${reason(first.error)}`;
}

function reason(error: RunError | null): string {
  return error === null ? "its log tells why." : errorText(error);
}
