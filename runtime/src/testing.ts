/** `fanout/testing`: what tests of DAGs import. Only re-exports. */
export type { Dag } from "./authoring/dag.js";
export type {
  DagTestOptions,
  DagTestResult,
  InstanceTestResult,
  TaskTestResult,
  TestError,
} from "./authoring/types/testing.js";
export { FanoutError } from "./errors.js";
export { load_dag, type LoadDagOptions } from "./testing/loadDag.js";
export type { RunErrorCode } from "#core/errorCodes.js";
export type { InstanceState, RunError } from "#core/model/run.js";
export type { SourcePoint } from "#core/model/source.js";
