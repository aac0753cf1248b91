import { RUN_ERROR_CODES } from "../errorCodes.js";
import { MODEL_VERSION } from "../model/dag.js";
import type { DagModel, Edge, GroupNode, MapSource, MappedInput, Mapping, TaskNode, Unresolved } from "../model/dag.js";
import type { FileListing, ListedDag, ListedTask } from "../model/listing.js";
import { INSTANCE_STATES } from "../model/run.js";
import type {
  InstanceDetails,
  InstanceSummary,
  RunDetails,
  RunError,
  RunState,
  RunSummary,
  StateCounts,
  TaskSummary,
  TrySummary,
} from "../model/run.js";
import type { PlannedTask } from "../model/runAction.js";
import type { InstanceChange, RunEvent, RunEventBody, RunResumed } from "../model/runEvent.js";
import type { SourcePoint, SourceSpan } from "../model/source.js";
import { TRIGGER_RULES } from "../model/triggerRule.js";
import {
  arrayOf,
  byType,
  isAnything,
  isBoolean,
  isCount,
  isMapIndex,
  isNumber,
  isString,
  nullable,
  oneOf,
  optional,
  recordOf,
  shape,
} from "./guards.js";
import type { Guard, Variant } from "./guards.js";

const isSourcePoint = shape<SourcePoint>({ file: isString, line: isCount, column: isCount });

const isSourceSpan = shape<SourceSpan>({
  file: isString,
  line: isCount,
  column: isCount,
  endLine: optional(isCount),
  endColumn: optional(isCount),
});

const isMapSource = byType<MapSource>({
  literal: shape<Variant<MapSource, "literal">>({ length: isCount, upstream: optional(arrayOf(isString)) }),
  xcom: shape<Variant<MapSource, "xcom">>({ upstream: arrayOf(isString), length: optional(isCount) }),
  unresolved: shape({}),
});

const isMapping = shape<Mapping>({
  kind: oneOf(["expand", "expand_kwargs"]),
  inputs: arrayOf(shape<MappedInput>({ name: isString, source: isMapSource, span: optional(isSourceSpan) })),
});

const isTaskNode = shape<TaskNode>({
  task_id: isString,
  operator: isString,
  group_id: nullable(isString),
  trigger_rule: oneOf(TRIGGER_RULES),
  role: optional(oneOf(["setup", "teardown"])),
  mapping: nullable(isMapping),
  certainty: oneOf(["exact", "maybe", "pattern"]),
  span: optional(isSourceSpan),
});

const isUnresolved = shape<Unresolved>({
  what: oneOf(["task_id", "dag_id", "group_id", "inputs", "mapping", "edge", "condition", "loop", "call", "value"]),
  reason: isString,
  span: isSourceSpan,
});

export const isDagModel = shape<DagModel>({
  modelVersion: (value): value is typeof MODEL_VERSION => value === MODEL_VERSION,
  origin: oneOf(["read", "executed"]),
  dag_id: isString,
  description: optional(isString),
  schedule: nullable(isString),
  timezone: optional(isString),
  start_date: optional(isString),
  end_date: optional(isString),
  tags: arrayOf(isString),
  tasks: arrayOf(isTaskNode),
  groups: arrayOf(
    shape<GroupNode>({
      group_id: isString,
      parent_id: nullable(isString),
      mapping: nullable(isMapping),
      span: optional(isSourceSpan),
    }),
  ),
  edges: arrayOf(shape<Edge>({ from: isString, to: isString, span: optional(isSourceSpan) })),
  unresolved: arrayOf(isUnresolved),
  span: optional(isSourceSpan),
});

export const isFileListing = shape<FileListing>({
  file: isString,
  dags: arrayOf(
    shape<ListedDag>({
      dag_id: isString,
      schedule: nullable(isString),
      tasks: arrayOf(
        shape<ListedTask>({
          task_id: isString,
          operator: isString,
          mapped: isBoolean,
          span: optional(isSourceSpan),
        }),
      ),
      span: isSourceSpan,
    }),
  ),
});

export const isInstanceState = oneOf(INSTANCE_STATES);
export const isRunState: Guard<RunState> = oneOf(["queued", "running", "success", "failed"]);

/** Unknown states are dropped from the type, not from the data: a newer engine may count one. */
export const isStateCounts: Guard<StateCounts> = recordOf(isCount);

export const isRunError = shape<RunError>({
  code: oneOf(RUN_ERROR_CODES),
  message: isString,
  at: optional(isSourcePoint),
  stack: optional(isString),
  advice: optional(isString),
});

export const isStopped: Guard<RunSummary["stopped"]> = nullable(oneOf(["cancelled", "lost"]));

const summaryFields = {
  run_id: isString,
  dag_id: isString,
  state: isRunState,
  logical_date: isString,
  start: isString,
  end: nullable(isString),
  stopped: isStopped,
  resumable: isBoolean,
};

export const isRunSummary = shape<RunSummary>(summaryFields);

const instanceFields = {
  map_index: isMapIndex,
  name: nullable(isString),
  state: isInstanceState,
  try_number: isCount,
  start: nullable(isString),
  end: nullable(isString),
  duration_ms: nullable(isNumber),
  lost: optional(isTrue),
  cancelled: optional(isTrue),
};

function isTrue(value: unknown): value is true {
  return value === true;
}

const isTaskSummary = shape<TaskSummary>({
  task_id: isString,
  mapped: isBoolean,
  state: isInstanceState,
  count: nullable(isCount),
  counts: isStateCounts,
  instances: arrayOf(shape<InstanceSummary>(instanceFields)),
});

export const isRunDetails = shape<RunDetails>({
  ...summaryFields,
  file: isString,
  error: nullable(isRunError),
  tasks: arrayOf(isTaskSummary),
});

export const isInstanceDetails = shape<InstanceDetails>({
  ...instanceFields,
  run_id: isString,
  task_id: isString,
  rendered: nullable(recordOf(isAnything)),
  xcom: isAnything,
  xcom_keys: arrayOf(isString),
  marked: optional(isTrue),
  tries: arrayOf(
    shape<TrySummary>({
      try_number: isCount,
      state: isInstanceState,
      start: nullable(isString),
      end: nullable(isString),
      duration_ms: nullable(isNumber),
      code_hash: nullable(isString),
      error: nullable(isRunError),
    }),
  ),
  error: nullable(isRunError),
});

const isInstanceChange = shape<InstanceChange>({
  map_index: isMapIndex,
  name: optional(isString),
  state: isInstanceState,
  try_number: isCount,
  duration_ms: optional(isNumber),
  due: optional(isNumber),
  error: optional(isRunError),
});

export const isPlannedTask = shape<PlannedTask>({
  task_id: isString,
  counts: isStateCounts,
  first: arrayOf(shape({ map_index: isMapIndex, state: isInstanceState })),
});

const isRunResumed = shape<RunResumed>({
  action: oneOf(["resume", "clear", "mark"]),
  state: optional(isInstanceState),
  instances: arrayOf(shape({ task_id: isString, map_indexes: arrayOf(isMapIndex) })),
  code_changed: isBoolean,
});

const isRunEventBody = byType<RunEventBody>({
  run_started: shape<Variant<RunEventBody, "run_started">>({
    ...{ dag_id: isString, file: isString, logical_date: isString, model: isDagModel, node: isString },
    resumed: optional(isRunResumed),
  }),
  task_expanded: shape({ task_id: isString, count: isCount }),
  instances_changed: shape({ task_id: isString, changes: arrayOf(isInstanceChange) }),
  task_changed: shape({ task_id: isString, state: isInstanceState, counts: isStateCounts }),
  run_finished: shape<Variant<RunEventBody, "run_finished">>({
    state: isRunState,
    cancelled: isBoolean,
    error: optional(isRunError),
  }),
});

const isEventHeader = shape<{ seq: number; run_id: string; at: number }>({
  seq: isCount,
  run_id: isString,
  at: isNumber,
});

export function isRunEvent(value: unknown): value is RunEvent {
  return isEventHeader(value) && isRunEventBody(value);
}
