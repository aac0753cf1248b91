import { mappedGroupOf } from "#core/model/graph.js";
import type { DagDeclaration, EdgeDeclaration, GroupDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import type { Context } from "../authoring/types/context.js";
import { contentsOf } from "../authoring/values.js";
import { FanoutError } from "../errors.js";

type Presets = Readonly<Record<string, unknown>>;

/**
 * The DAG with tasks that are not run: each succeeds at once with the result that is given for it, whatever becomes of
 * the tasks before it.
 * @throws FanoutError `unknown-task` or `invalid-option`
 */
export function withPresets(dag: DagDeclaration, presets: Presets): DagDeclaration {
  for (const task_id of Object.keys(presets)) checkKnown(dag, task_id);
  const isPreset = (task_id: string): boolean => Object.hasOwn(presets, task_id);
  const tasks = dag.tasks.map((task) =>
    isPreset(task.task_id) ? presetTask(task, presets[task.task_id], mappedGroupOf(dag, task)) : task,
  );
  const kept = dag.edges.filter(({ to }) => !isPreset(to));
  const added = tasks.flatMap((task) => (isPreset(task.task_id) ? groupEdges(dag, task) : []));
  return { ...dag, tasks, edges: [...kept, ...added] };
}

function checkKnown(dag: DagDeclaration, task_id: string): void {
  if (dag.tasks.some((task) => task.task_id === task_id)) return;
  throw new FanoutError(
    "unknown-task",
    `'xcoms' gives a result of '${task_id}', which is no task of '${dag.dag_id}'.`,
    {
      advice: `It has ${dag.tasks.map((task) => `'${task.task_id}'`).join(", ")}.`,
    },
  );
}

function presetTask(task: TaskDeclaration, value: unknown, group: GroupDeclaration | null): TaskDeclaration {
  const callbacks = { on_execute: [], on_success: [], on_failure: [], on_retry: [], on_skipped: [] };
  const quiet = { ...task, callbacks, inputs: {}, template_fields: [], map_index_template: null, sensor: null };
  const base: TaskDeclaration = { ...quiet, trigger_rule: "all_success", do_xcom_push: true, retries: 0 };
  if (task.mapping === null && group === null) return { ...base, execute: () => value };
  if (!Array.isArray(value)) {
    const message = `'xcoms' must give a list of results for '${task.task_id}', which is mapped.`;
    throw new FanoutError("invalid-option", message, { at: task.at });
  }
  const results: readonly unknown[] = value;
  if (task.mapping === null) return { ...base, execute: (_, context) => resultFor(task, results, context as Context) };
  const mapping = { kind: "expand", inputs: { result: results } } as const;
  return { ...base, mapping, execute: ({ result }) => result };
}

/** As many instances as the group has: only when they run it is known whether there is a result for each. */
function resultFor({ task_id, at }: TaskDeclaration, results: readonly unknown[], context: Context): unknown {
  const { ti, expanded_ti_count: count } = context;
  if (count === null || count === results.length) return results[ti.map_index];
  const message = `'xcoms' gives ${results.length} results of '${task_id}', which has ${count} instances.`;
  throw new FanoutError("invalid-option", message, { at });
}

/** What a mapped group is mapped over has to be known before it is known how many instances its tasks have. */
function groupEdges(dag: DagDeclaration, task: TaskDeclaration): EdgeDeclaration[] {
  const group = mappedGroupOf(dag, task);
  if (!group?.mapping) return [];
  const { references } = contentsOf(group.group_id, group.mapping.inputs, group.at);
  const sources = new Set(references.flatMap(({ task_ids }) => task_ids));
  return [...sources].map((from) => ({ from, to: task.task_id, at: group.at }));
}
