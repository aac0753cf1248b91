import type { DagPolicy, TaskPolicy } from "../../runtime/src/authoring/taskPolicy.js";
import { readDagPolicy, readPolicy } from "../../runtime/src/authoring/readPolicy.js";

/** What a task gets whose code says nothing about how it runs, but for `options`, which are named as in code. */
export function taskPolicy(options: Readonly<Record<string, unknown>> = {}): TaskPolicy {
  return { ...readPolicy(options, undefined), sensor: null, role: null, on_failure_fail_dagrun: false };
}

export function dagPolicy(options: Readonly<Record<string, unknown>> = {}): DagPolicy {
  return readDagPolicy(options, undefined);
}
