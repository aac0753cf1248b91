import type { SourcePoint } from "#core/model/source.js";
import { AuthoringError } from "./authoringError.js";
import { handleOf, referenceOf } from "./brand.js";
import type { DagBuilder } from "./dagBuilder.js";
import type { Control, MappingDeclaration, TaskDeclaration } from "./declaration.js";
import { mappedReferences } from "./mapping.js";
import { contentsOf } from "./values.js";

/** What the place of a task in the DAG says about whether, and over what, it can be mapped. */
export function checkTaskMapping(
  builder: DagBuilder,
  task: Pick<TaskDeclaration, "task_id" | "mapping" | "trigger_rule" | "control" | "at">,
): void {
  const { task_id, mapping, trigger_rule, control, at } = task;
  const around = builder.groups.mappedGroupAround(builder.groups.current);
  if (trigger_rule === "always") {
    if (mapping !== null) refuseAlways(task_id, mapping, at);
    if (around !== null) refuseAlwaysInGroup(task_id, around, at);
  }
  if (mapping === null) return;
  if (around !== null) {
    const message = `'${task_id}' cannot be mapped, because it stands in the mapped group '${around}': map the group only.`;
    throw new AuthoringError("nested-mapping", message, at);
  }
  if (control !== null) refuseMappedBranch(task_id, control.type, at);
  checkSources(builder, mapping, at);
}

/** Which of its instances would decide for the tasks behind it, nobody could tell. */
function refuseMappedBranch(task_id: string, type: Control["type"], at: SourcePoint | undefined): never {
  const message =
    `'${task_id}' is a ${type === "branch" ? "branch" : "short circuit"} and cannot be mapped by itself: ` +
    `put it with the tasks that it decides on into a task_group(), and map the group.`;
  throw new AuthoringError("mapped-branch", message, at);
}

/**
 * The same of a mapped group. Gives the ids of the tasks whose results, at any depth, are among what it is mapped over:
 * all of them come before the group.
 */
export function checkGroupMapping(
  builder: DagBuilder,
  name: string,
  mapping: MappingDeclaration,
  at: SourcePoint | undefined,
): readonly string[] {
  const around = builder.groups.mappedGroupAround(builder.groups.current);
  if (around !== null) {
    const message = `The group '${name}' cannot be mapped, because it stands in the mapped group '${around}'.`;
    throw new AuthoringError("nested-mapping", message, at);
  }
  const sources = new Set<string>();
  for (const [input, value] of Object.entries(mapping.inputs)) {
    const { references, arguedBy } = contentsOf(input, value, at);
    checkArguments(builder, arguedBy, at);
    for (const { task_ids } of references) for (const task_id of task_ids) sources.add(task_id);
  }
  checkSources(builder, mapping, at);
  return Object.freeze([...sources]);
}

/** Only whole results of tasks outside of mapped groups can be mapped over: of the others nobody knows the length. */
function checkSources(builder: DagBuilder, mapping: MappingDeclaration, at: SourcePoint | undefined): void {
  for (const value of mappedReferences(mapping)) {
    for (const task_id of handleOf(value)?.task_ids ?? []) {
      const group_id = builder.mappedGroupOf(task_id);
      if (group_id === null) continue;
      const message =
        `'${task_id}' stands in the mapped group '${group_id}', so its results cannot be mapped over: ` +
        `collect them with a task that takes them all and returns them as a list.`;
      throw new AuthoringError("map-over-mapped-group", message, at);
    }
  }
}

/** What a mapped group gives its tasks has a value nowhere else. */
export function checkArguments(builder: DagBuilder, groupIds: readonly string[], at: SourcePoint | undefined): void {
  const stray = groupIds.find((group_id) => !builder.groups.isOpen(group_id));
  if (stray === undefined) return;
  const message = `What each instance of group '${stray}' gets can be used only in the group's body.`;
  throw new AuthoringError("invalid-argument", message, at);
}

/** `always` starts a task before what it would map over is there; wherever the rule comes from, and for operators too. */
function refuseAlways(task_id: string, mapping: MappingDeclaration, at: SourcePoint | undefined): void {
  const values = Object.values(mapping.inputs);
  const isGenerated =
    mapping.kind === "expand_kwargs"
      ? values.some((value) => contentsOf("kwargs", value, at).references.length > 0)
      : values.some((value) => referenceOf(value) !== undefined);
  if (!isGenerated) return;
  const message = `'${task_id}' cannot map over a task's result with trigger_rule 'always', which does not wait for it.`;
  throw new AuthoringError("always-with-mapping", message, at);
}

/** As Airflow, whatever the group is mapped over. */
function refuseAlwaysInGroup(task_id: string, group_id: string, at: SourcePoint | undefined): void {
  const message = `'${task_id}' stands in the mapped group '${group_id}', where trigger_rule 'always' is not allowed.`;
  throw new AuthoringError("always-with-mapping", message, at);
}
