/** A run that was under way failed; every other code means that it could not be started or asked for at all. */
export const FAILED_RUN_CODES = [
  "missing-input",
  "branch-not-task-ids",
  "branch-unknown-task",
  "xcom-not-pushed",
  "xcom-not-found",
  "xcom-too-long",
  "not-a-list",
  "not-a-dict",
  "async-map",
  "xcom-not-serializable",
  "template-failed",
  "sensor-timeout",
  "multiple-outputs",
  "fail-fast",
  "dagrun-timeout",
  "depends-on-past",
  "task-failed",
  "task-timeout",
  "worker-died",
  "marked-failed",
  "cancelled",
] as const;

/**
 * Stable codes of everything that can stop a DAG from loading or running. Rules name the code they prevent;
 * scripts match on them; wording may change, codes may not.
 */
export const RUN_ERROR_CODES = [
  // loading a file
  "file-not-found",
  "not-a-dag-file",
  "syntax-error",
  "missing-import",
  "import-failed",
  "no-dag",
  "several-dags",
  "unknown-dag",
  // building the graph
  "async-dag-body",
  "outside-dag",
  "missing-task-id",
  "duplicate-task-id",
  "duplicate-dag-id",
  "invalid-id",
  "cycle",
  "invalid-argument",
  "unknown-parameter",
  "unmappable-parameter",
  "partial-and-expand",
  "never-expanded",
  "empty-expand",
  "not-mappable",
  "entry-not-mappable",
  "map-over-task",
  "not-a-reference",
  "always-with-mapping",
  "nested-mapping",
  "map-over-mapped-group",
  "mapped-branch",
  "fail-fast-trigger-rule",
  "graph-not-deterministic",
  ...FAILED_RUN_CODES,
  // history and environment
  "unknown-run",
  "unknown-task",
  "unknown-map-index",
  "ambiguous-instance",
  "invalid-params",
  "invalid-schedule",
  "unknown-pool",
  "missing-connection",
  "missing-variable",
  "invalid-option",
  "run-locked",
  "run-not-live",
  "graph-changed",
  "store-failed",
  "internal",
] as const;

/** A stable code of what can stop a DAG from loading or running. */
export type RunErrorCode = (typeof RUN_ERROR_CODES)[number];
