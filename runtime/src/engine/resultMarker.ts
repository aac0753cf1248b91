/** Stands, in stored inputs, for the result of a task: the history puts the value in when it shows them. */
export const RESULT_MARKER = "$fanout.result";

/** JSON of an instance's own inputs where nobody knows them; null, which is no text, where it has none of its own. */
export const UNKNOWN_INPUTS = "null";

/** What stands behind the marker: the id of a task, or what is made of the results of tasks. */
export type DescribedReference =
  | string
  /** What a mapped group gives: only the instance knows. */
  | { readonly argument: string; readonly group: string; readonly key?: string }
  | { readonly get: string; readonly key: string }
  /** What the function makes of the items only the instance knows. */
  | { readonly map: DescribedReference }
  | { readonly zip: readonly DescribedReference[]; readonly fillvalue?: unknown }
  | { readonly concat: readonly DescribedReference[] };
