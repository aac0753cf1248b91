/** How long something took, as every view tells it: `<1 ms`, `12 ms`, `1.24 s`, `12.3 s`, `2 m 05 s`, `1 h 02 m`. */
export function durationText(ms: number): string {
  // Quick instances take less, and nothing takes no time.
  if (ms > 0 && ms < 0.5) return "<1 ms";
  if (ms < 999.5) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 9_995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  if (hours > 0) return `${hours} h ${twoDigits(minutes)} m`;
  return `${minutes} m ${twoDigits(seconds % 60)} s`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
