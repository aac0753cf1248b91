/** Text that is not ours, as code: whatever it holds, it stays text. */
export function code(text: string): string {
  const oneLine = text.replace(/\s+/g, " ");
  const longest = Math.max(0, ...(oneLine.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const padding = /^`|`$|^ .* $/.test(oneLine) ? " " : "";
  return `${fence}${padding}${oneLine}${padding}${fence}`;
}
