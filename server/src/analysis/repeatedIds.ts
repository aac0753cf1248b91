/** What stands before the `__1` of the id of a repeated call. */
export function coreOf(id: string): string {
  return id.replace(/__\d+$/, "");
}

/** The number behind the `__`; 0 where there is none. */
export function suffixOf(id: string): number {
  return Number(/__(\d+)$/.exec(id)?.[1] ?? 0);
}
