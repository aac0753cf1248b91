export type IdKind = "dag_id" | "task_id" | "group_id";

/** The most characters of each kind of id, as in Airflow. Those of a task count with the groups around it. */
export const ID_LENGTHS: Readonly<Record<IdKind, number>> = { dag_id: 250, task_id: 250, group_id: 200 };

/** A dot in a group's id would look like a group in the group. */
const FORBIDDEN: Readonly<Record<IdKind, RegExp>> = {
  dag_id: /[^\p{L}\p{N}_.-]/gu,
  task_id: /[^\p{L}\p{N}_.-]/gu,
  group_id: /[^\p{L}\p{N}_-]/gu,
};

/** The characters of a text that an id of this kind cannot have, each once. */
export function forbiddenCharacters(kind: IdKind, text: string): readonly string[] {
  return [...new Set(text.match(FORBIDDEN[kind]))];
}

/** The text with `_` for what an id of this kind cannot have. */
export function withoutForbidden(kind: IdKind, text: string): string {
  return text.replace(FORBIDDEN[kind], "_");
}
