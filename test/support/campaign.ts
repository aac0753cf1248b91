const SIZES = ["small", "middle", "full"] as const;
export type Size = (typeof SIZES)[number];

const asked = process.env["FANOUT_CAMPAIGN"];
/** What `npm run verify` (small), `npm test` (middle) and `npm run campaign` (full) ask for; vitest by itself: middle. */
const size: Size = SIZES.find((each) => each === asked) ?? "middle";

/** What a suite does at the size that was asked for. */
export function campaign<T>(bySize: Readonly<Record<Size, T>>): T {
  return bySize[size];
}

/** For `it.skipIf`: what takes long, next to tests of the same kind that always run. */
export const isSmall = size === "small";
