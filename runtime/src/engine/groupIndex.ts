/** Map indexes from `from` to below `to`. */
export interface IndexRange {
  readonly from: number;
  readonly to: number;
}

/**
 * The instances of an upstream task that one instance of a task belongs together with, where both stand in one mapped
 * group: those that were made for the same instance of the group. Counts are numbers of instances; a task that is
 * mapped once more inside of the group has a multiple of the group's.
 * Source: airflow-core `TaskInstance.get_relevant_upstream_map_indexes` (docs/semantics.md §2.8).
 */
export function relevantIndexes(
  map_index: number,
  { count, group, upstream }: { readonly count: number; readonly group: number; readonly upstream: number },
): IndexRange {
  const place = Math.floor((map_index * group) / count);
  const further = Math.floor(upstream / group);
  return { from: place * further, to: (place + 1) * further };
}

/** 0…count-1, without a list of them. */
export function* countUp(count: number): Generator<number> {
  for (let index = 0; index < count; index++) yield index;
}
