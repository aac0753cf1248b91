import type { ts } from "ts-morph";
import { SyntaxKind } from "ts-morph";
import { tasksInGroup } from "#core/model/graph.js";
import type { TriggerRule } from "#core/model/triggerRule.js";
import type { DagFacts, GroupFacts, TaskFacts } from "../../analysis/facts.js";
import { writtenChoices } from "./choices.js";
import { isCertain, mappedGroupAround } from "./mappedGroups.js";
import { ownSkip } from "./skips.js";
import { returnedExpressions } from "./taskBodies.js";

/** Rules by which a task is skipped as soon as one before it is. */
const SKIPPED_WITH_ONE: ReadonlySet<TriggerRule> = new Set(["all_success", "none_skipped", "all_done_min_one_success"]);

/**
 * The tasks of a mapped group that are skipped in some instances of the group and not in others, by id, each with the
 * place that is to blame.
 */
export function skippedInGroup(group: GroupFacts, dag: DagFacts): ReadonlyMap<string, ts.Node> {
  const members = dag.tasks.filter((task) => isCertain(task, dag) && mappedGroupAround(task, dag) === group);
  const skipped = new Map<string, ts.Node>();
  for (const task of members) {
    const place = ownSkip(task);
    if (place !== undefined) skipped.set(task.node.task_id, place);
    for (const id of controlled(task, dag)) if (!skipped.has(id)) skipped.set(id, task.origin);
  }
  const byId = new Map(members.map((task) => [task.node.task_id, task]));
  for (const [id, place] of skipped) {
    for (const next of downstream(id, dag)) {
      const task = byId.get(next);
      if (task !== undefined && !skipped.has(next) && followsSkip(task)) skipped.set(next, place);
    }
  }
  return new Map([...skipped].filter(([id]) => byId.has(id)));
}

function followsSkip({ node, isTriggerRuleKnown }: TaskFacts): boolean {
  return isTriggerRuleKnown && node.role !== "teardown" && SKIPPED_WITH_ONE.has(node.trigger_rule);
}

/** What a branch or short circuit may skip. */
function controlled(task: TaskFacts, dag: DagFacts): readonly string[] {
  if (task.fn === undefined) return [];
  const returned = returnedExpressions(task.fn);
  if (task.flavour === "task.branch") return returned.flatMap(writtenChoices).flatMap((ids) => others(task, ids, dag));
  if (task.flavour !== "task.short_circuit" || returned.every(({ kind }) => kind === SyntaxKind.TrueKeyword)) return [];
  const { task_id } = task.node;
  return skipsAll(task) ? [...descendants([task_id], dag)] : downstream(task_id, dag);
}

function skipsAll({ options }: TaskFacts): boolean {
  const given = options.find(({ name }) => name === "ignore_downstream_trigger_rules")?.value;
  return given === undefined || (given.type === "const" && given.value !== false);
}

/** Those right behind the branch that are neither followed nor come after what is. */
function others(branch: TaskFacts, ids: readonly string[], dag: DagFacts): readonly string[] {
  const followed = ids.flatMap((id) => [id, ...tasksInGroup(dag.model, id)]);
  const kept = new Set([...followed, ...descendants(followed, dag)]);
  return downstream(branch.node.task_id, dag).filter((id) => !kept.has(id));
}

function downstream(task_id: string, { edges }: DagFacts): readonly string[] {
  return edges.flatMap(({ from, to }) => (from === task_id ? [to] : []));
}

function descendants(ids: readonly string[], dag: DagFacts): ReadonlySet<string> {
  const found = new Set(ids.flatMap((id) => downstream(id, dag)));
  // A set that grows while it is walked is walked to its end.
  for (const id of found) for (const next of downstream(id, dag)) found.add(next);
  return found;
}
