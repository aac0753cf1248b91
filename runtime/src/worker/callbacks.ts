import type { CallbackFunction, DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import type { Context } from "../authoring/types/context.js";
import type { CallbackJob } from "../pool/messages.js";
import type { Ending } from "./instance.js";
import { type OwnFolders, describeThrown } from "./userError.js";

/** Callbacks of one kind, in order. */
export interface DueCallbacks {
  /** As a person writes them. */
  readonly name: string;
  readonly callbacks: readonly CallbackFunction[];
}

const NOBODY: DueCallbacks = { name: "", callbacks: [] };

/** Those that are made apart from running an instance. */
export function jobCallbacks(dag: DagDeclaration, { task, due }: CallbackJob): DueCallbacks {
  if (due === "dag_success") return { name: "on_success_callback of the DAG", callbacks: dag.callbacks.on_success };
  if (due === "dag_failure") return { name: "on_failure_callback of the DAG", callbacks: dag.callbacks.on_failure };
  return { name: `${due}_callback`, callbacks: dag.tasks[task]?.callbacks[due] ?? [] };
}

/** Those that are told how a try ended; `counted` is its number among the tries that `retries` are about. */
export function dueCallbacks(
  { callbacks, retries }: TaskDeclaration,
  { outcome, mayRetry }: Pick<Ending, "outcome" | "mayRetry">,
  counted: number,
): DueCallbacks {
  if (outcome === "success") return { name: "on_success_callback", callbacks: callbacks.on_success };
  if (outcome === "skipped") return { name: "on_skipped_callback", callbacks: callbacks.on_skipped };
  if (outcome === "up_for_reschedule") return NOBODY;
  const isLast = !mayRetry || counted > retries;
  return isLast
    ? { name: "on_failure_callback", callbacks: callbacks.on_failure }
    : { name: "on_retry_callback", callbacks: callbacks.on_retry };
}

/**
 * Calls them one after the other and waits for each. What one throws is printed, with its place, and changes nothing:
 * as in Airflow, how an instance ends does not depend on who is told of it.
 */
export async function callBack({ name, callbacks }: DueCallbacks, context: Context, own: OwnFolders): Promise<void> {
  for (const callback of callbacks) {
    try {
      await callback(context);
    } catch (thrown) {
      const { message, stack, at } = describeThrown(thrown, "task-failed", own);
      const place = stack === undefined && at ? ` (${at.file}:${String(at.line)}:${String(at.column)})` : "";
      console.error(`${name} failed: ${stack ?? message}${place}`);
    }
  }
}
