import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { type Handle, isDict } from "./brand.js";
import { type DagBuilder, TEARDOWN_OPTIONS, teardownRule } from "./dagBuilder.js";
import { checkArguments, checkTaskMapping } from "./checkMapping.js";
import type { Control, MappingDeclaration, TaskDeclaration } from "./declaration.js";
import { drawEdges } from "./edges.js";
import { registry } from "./registry.js";
import { readOptions } from "./taskOptions.js";
import { contentsOf } from "./values.js";

/** Everything that one call says about the task it makes. */
export interface TaskRequest {
  /** `task`, or the operator's class name. */
  readonly operator: string;
  readonly task_id: string;
  /** True for task functions, whose repeated calls get `__1`. */
  readonly makeUnique: boolean;
  readonly options: Readonly<Record<string, unknown>>;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly mapping: MappingDeclaration | null;
  readonly control?: Control | null;
  /** Inputs whose texts are templates; null for all. */
  readonly templateFields: readonly string[] | null;
  /** Endings of texts in template fields that name a template file. */
  readonly templateExtensions: readonly string[];
  readonly params?: unknown;
  readonly sensor?: TaskDeclaration["sensor"];
  readonly role?: TaskDeclaration["role"];
  readonly on_failure_fail_dagrun?: boolean;
  readonly takes: TaskDeclaration["takes"];
  readonly execute: TaskDeclaration["execute"];
  readonly at: SourcePoint | undefined;
}

/** The DAG whose body is running. Throws `outside-dag` where there is none. */
export function currentBuilder(what: string, at: SourcePoint | undefined): DagBuilder {
  const { building } = registry();
  if (building !== undefined) return building;
  throw new AuthoringError("outside-dag", `${what} belongs into the body of a dag().`, at);
}

/** Adds a task to the DAG whose body is running, and the edges that its inputs draw. */
export function declareTask(request: TaskRequest): Handle {
  const { at, inputs, mapping } = request;
  const builder = currentBuilder(`The task '${request.task_id}'`, at);
  const childId = builder.groups.childId(request.task_id);
  const task_id = request.makeUnique ? builder.uniqueId(childId) : childId;
  const hasOwnRule = (request.options["trigger_rule"] ?? undefined) !== undefined;
  const { sensor = null, role = null, on_failure_fail_dagrun = false } = request;
  const isTeardown = role === "teardown";
  if (isTeardown && hasOwnRule) throw teardownRule(task_id, at);
  const options = { ...readOptions(builder, request.options, at), ...(isTeardown && TEARDOWN_OPTIONS) };
  const { operator, takes, execute, control = null } = request;
  checkTaskMapping(builder, { task_id, mapping, trigger_rule: options.trigger_rule, control, at });
  const params = readParams(request.params, at);
  const { templateFields: template_fields, templateExtensions: template_ext } = request;
  const group_id = builder.groups.current;
  builder.addTask(
    {
      ...{ task_id, group_id, operator, ...options, sensor, role, on_failure_fail_dagrun },
      ...{ inputs, mapping, takes, control, execute, template_fields, template_ext, params, at },
    },
    hasOwnRule,
  );
  const handle: Handle = Object.freeze({ builder, task_ids: Object.freeze([task_id]) });
  for (const values of [inputs, mapping?.inputs ?? {}]) {
    for (const [name, value] of Object.entries(values)) readValue(request, handle, name, value);
  }
  return handle;
}

/** A task's own params, or the DAG's. Throws `invalid-argument` for anything but an object. */
export function readParams(params: unknown, at: SourcePoint | undefined): Readonly<Record<string, unknown>> {
  if (params === undefined || params === null) return Object.freeze({});
  if (!isDict(params)) throw new AuthoringError("invalid-argument", "'params' must be an object.", at);
  return Object.freeze({ ...params });
}

function readValue(request: TaskRequest, handle: Handle, name: string, value: unknown): void {
  const { at } = request;
  const { references, arguedBy } = contentsOf(name, value, at);
  checkArguments(handle.builder, arguedBy, at);
  for (const upstream of references) drawEdges(upstream, handle, at);
}
