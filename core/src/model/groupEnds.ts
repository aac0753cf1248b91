/** What the ends of a group depend on: its tasks, at any depth, and how they are connected. */
export interface GroupInside {
  /** In the order in which they are made. */
  readonly members: readonly string[];
  /** Of the whole DAG; those from or to tasks outside of the group are ignored. */
  readonly edges: Iterable<{ readonly from: string; readonly to: string }>;
  readonly roleOf: (task_id: string) => "setup" | "teardown" | null | undefined;
}

/**
 * The tasks that stand for a group in dependencies. `roots`: those that no other task of it comes before. `leaves`: those
 * that none comes after; where that is a teardown, whatever it cleans up after stands for it, so that what follows the
 * group does not wait for the cleaning. Source: airflow-core `TaskGroup.get_roots`, `TaskGroup.get_leaves`.
 */
export function groupEnds(inside: GroupInside, end: "roots" | "leaves"): readonly string[] {
  const members = new Set(inside.members);
  const before = new Map<string, string[]>();
  const after = new Map<string, string[]>();
  for (const { from, to } of inside.edges) {
    if (!members.has(from) || !members.has(to)) continue;
    push(before, to, from);
    push(after, from, to);
  }
  if (end === "roots") return inside.members.filter((task_id) => !before.has(task_id));
  const leaves = new Set<string>();
  const seen = new Set<string>();
  for (const task_id of inside.members) {
    if (!after.has(task_id)) addLeaf(task_id);
  }
  return [...leaves];

  function addLeaf(task_id: string): void {
    if (inside.roleOf(task_id) !== "teardown") leaves.add(task_id);
    else if (!seen.has(task_id)) addBefore(task_id);
  }

  function addBefore(teardown: string): void {
    seen.add(teardown);
    for (const task_id of before.get(teardown) ?? []) {
      const role = inside.roleOf(task_id);
      if (role === "teardown") addLeaf(task_id);
      // What a teardown cleans up after is not the work of the group.
      else if (role !== "setup" && !isFollowed(task_id, teardown)) leaves.add(task_id);
    }
  }

  function isFollowed(task_id: string, teardown: string): boolean {
    return (after.get(task_id) ?? []).some((next) => next !== teardown && inside.roleOf(next) !== "teardown");
  }
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
