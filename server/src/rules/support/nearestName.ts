/**
 * The name that was probably meant: the one that is the fewest slips of typing away, or the only one that is left.
 * Undefined where nothing is near enough to be offered.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  const known = [...candidates];
  const ranked = known
    .map((candidate) => ({ candidate, slips: slipsBetween(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((one, other) => one.slips - other.slips);
  const [best] = ranked;
  if (best !== undefined && best.slips <= allowedSlips(name, best.candidate)) return best.candidate;
  return known.length === 1 ? known[0] : undefined;
}

/** A third of the name, and never all of it. */
function allowedSlips(name: string, candidate: string): number {
  const shorter = Math.min(name.length, candidate.length);
  return Math.min(Math.max(1, Math.floor(shorter / 3)), shorter - 1);
}

/** Letters that are missing, too many, wrong, or in the place of their neighbour. */
function slipsBetween(one: string, other: string): number {
  let before: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      const changed = (row[j - 1] ?? 0) + (isSame ? 0 : 1);
      const shifted = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      next.push(Math.min(changed, shifted, isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row[other.length] ?? 0;
}
