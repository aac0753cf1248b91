import type { Rule, RuleMeta } from "./createRule.js";
import { alwaysWithMapping } from "./always-with-mapping.js";
import { asyncDagBody } from "./async-dag-body.js";
import { asyncMap } from "./async-map.js";
import { branchUnknownTask } from "./branch-unknown-task.js";
import { contextName } from "./context-name.js";
import { customKeyMapping } from "./custom-key-mapping.js";
import { cycle } from "./cycle.js";
import { duplicateDagId } from "./duplicate-dag-id.js";
import { duplicateTaskId } from "./duplicate-task-id.js";
import { emptyExpand } from "./empty-expand.js";
import { expandKwargsShape } from "./expand-kwargs-shape.js";
import { failFastTriggerRule } from "./fail-fast-trigger-rule.js";
import { foreignReference } from "./foreign-reference.js";
import { integerLikeName } from "./integer-like-name.js";
import { invalidArgument } from "./invalid-argument.js";
import { invalidId } from "./invalid-id.js";
import { invalidSchedule } from "./invalid-schedule.js";
import { invalidTemplate } from "./invalid-template.js";
import { mapArity } from "./map-arity.js";
import { mapOverMappedGroup } from "./map-over-mapped-group.js";
import { mapOverTask } from "./map-over-task.js";
import { mappedBranch } from "./mapped-branch.js";
import { missingTaskId } from "./missing-task-id.js";
import { multipleOutputs } from "./multiple-outputs.js";
import { nestedMapping } from "./nested-mapping.js";
import { neverExpanded } from "./never-expanded.js";
import { nonDeterministicDag } from "./non-deterministic-dag.js";
import { notAList } from "./not-a-list.js";
import { notAReference } from "./not-a-reference.js";
import { notMappable } from "./not-mappable.js";
import { outsideDag } from "./outside-dag.js";
import { overMapLimit } from "./over-map-limit.js";
import { partialAndExpand } from "./partial-and-expand.js";
import { readOnlyResults } from "./read-only-results.js";
import { referenceAsValue } from "./reference-as-value.js";
import { scheduleInterval } from "./schedule-interval.js";
import { skipBeforeAllSuccess } from "./skip-before-all-success.js";
import { tooMuchToRead } from "./too-much-to-read.js";
import { unknownParameter } from "./unknown-parameter.js";
import { unknownPool } from "./unknown-pool.js";
import { unmappableParameter } from "./unmappable-parameter.js";
import { xcomNotPushed } from "./xcom-not-pushed.js";
import { xcomNotSerializable } from "./xcom-not-serializable.js";
import { zeroLength } from "./zero-length.js";

/** Every rule, by name. */
export const rules: readonly Rule[] = [
  alwaysWithMapping,
  asyncDagBody,
  asyncMap,
  branchUnknownTask,
  contextName,
  customKeyMapping,
  cycle,
  duplicateDagId,
  duplicateTaskId,
  emptyExpand,
  expandKwargsShape,
  failFastTriggerRule,
  foreignReference,
  integerLikeName,
  invalidArgument,
  invalidId,
  invalidSchedule,
  invalidTemplate,
  mapArity,
  mapOverMappedGroup,
  mapOverTask,
  mappedBranch,
  missingTaskId,
  multipleOutputs,
  nestedMapping,
  neverExpanded,
  nonDeterministicDag,
  notAList,
  notAReference,
  notMappable,
  outsideDag,
  overMapLimit,
  partialAndExpand,
  readOnlyResults,
  referenceAsValue,
  scheduleInterval,
  skipBeforeAllSuccess,
  tooMuchToRead,
  unknownParameter,
  unknownPool,
  unmappableParameter,
  xcomNotPushed,
  xcomNotSerializable,
  zeroLength,
];

/** What settings, tables and documents are generated from and tested against. */
export const ruleCatalogue: readonly RuleMeta[] = rules.map((rule) => rule.meta);
