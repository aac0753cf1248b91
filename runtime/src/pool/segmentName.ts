/** The log file of the worker with this number, in a run's `logs` folder. */
export function segmentName(segment: number): string {
  return `w${String(segment)}.log`;
}
