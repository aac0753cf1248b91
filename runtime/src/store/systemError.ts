const FULL: ReadonlySet<unknown> = new Set(["ENOSPC", "EDQUOT"]);

/** What the system says; it has a full stop of its own where the sentence goes on with one. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

/** What to do where something cannot be written: a right to write does not help where there is no room. */
export function adviceOn(cause: unknown, otherwise: string): string {
  return isFull(cause) ? "Make room on the disk: 'fanout runs prune' removes earlier runs." : otherwise;
}

export function isFull(cause: unknown): boolean {
  return FULL.has((cause as { readonly code?: unknown } | null | undefined)?.code);
}
