/** A span of time as messages say it: `1 second`, `0.5 seconds`. */
export function secondsText(ms: number): string {
  return `${String(ms / 1000)} ${ms === 1000 ? "second" : "seconds"}`;
}
