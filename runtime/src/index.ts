/** The authoring API: what DAG files import. Only re-exports. */
export { BaseOperator } from "./authoring/baseOperator.js";
export type { BashOperatorArgs } from "./authoring/bashCommand.js";
export { BashOperator } from "./authoring/bashOperator.js";
export { get_current_context } from "./authoring/context.js";
export { type Dag, dag } from "./authoring/dag.js";
export { Connection, type ConnectionParts, get_connection } from "./authoring/connection.js";
export { chain, cross_downstream } from "./authoring/dependencies.js";
export { BaseSensorOperator } from "./authoring/baseSensorOperator.js";
export { EmptyOperator } from "./authoring/emptyOperator.js";
export { FailException, SkipException } from "./authoring/exceptions.js";
export { Param, type ParamSchema } from "./authoring/param.js";
export { PokeReturnValue } from "./authoring/sensor.js";
export { setup, task, teardown } from "./authoring/task.js";
export { task_group } from "./authoring/taskGroup.js";
export type {
  ConnectionAccessor,
  Context,
  ContextDag,
  ContextTask,
  CurrentContext,
  DagRun,
  Macros,
  TaskInstance,
  VariableAccessor,
  XcomPull,
  XcomPush,
} from "./authoring/types/context.js";
export type { Input, Inputs, Mappable, Template } from "./authoring/types/inputs.js";
export type { ExpandableOperator, MappedOperator, OperatorArgs } from "./authoring/types/operator.js";
export type {
  BaseOperatorArgs,
  Callback,
  DagArgs,
  Duration,
  DurationParts,
  Schedule,
  SensorArgs,
  SensorOptions,
  ShortCircuitOptions,
  TaskOptions,
  TeardownArgs,
  TeardownOptions,
} from "./authoring/types/options.js";
export type {
  AnyTask,
  Brands,
  Dependency,
  ItemOf,
  NotMappable,
  TaskResult,
  XComArg,
} from "./authoring/types/reference.js";
export type {
  Expandable,
  PokeResult,
  SensorFunction,
  SensorResult,
  SensorVariant,
  TaskBody,
  TaskDecorator,
  TaskFunction,
  TaskVariant,
} from "./authoring/types/task.js";
export type { ExpandableGroup, MappedGroup, TaskGroupFunction, TaskGroupOptions } from "./authoring/types/taskGroup.js";
export { Variable, type VariableOptions } from "./authoring/variable.js";
export type {
  DagTestOptions,
  DagTestResult,
  InstanceTestResult,
  TaskTestResult,
  TestError,
} from "./authoring/types/testing.js";
export type { InstanceState } from "#core/model/run.js";
export type { SourcePoint } from "#core/model/source.js";
export type { TriggerRule } from "#core/model/triggerRule.js";
