/** One instance of a run, by the position of its task in the plan. */
export interface Instance {
  readonly task: number;
  readonly map_index: number;
}

/** Instances of a task: `count` of them from `from` on; -1 for the one of a task that has no others. */
export interface InstanceSpan {
  readonly task: number;
  readonly from: number;
  readonly count: number;
}

/** For maps and sets. */
export function instanceKey({ task, map_index }: Instance): string {
  return `${String(task)}:${String(map_index)}`;
}

/** Neighbours as one, in the order in which they are given. */
export function spansOf(instances: readonly Instance[]): InstanceSpan[] {
  const spans: { task: number; from: number; count: number }[] = [];
  for (const { task, map_index } of instances) {
    const last = spans.at(-1);
    if (last?.task === task && last.from + last.count === map_index) last.count++;
    else spans.push({ task, from: map_index, count: 1 });
  }
  return spans;
}
