/** The log file of the worker with this number, in a run's `logs` folder. */
export function segmentName(segment: number): string {
  return `w${String(segment)}.log`;
}

/** The number of the worker that a file of that folder is of; -1 for any other file. */
export function segmentNumber(name: string): number {
  return Number(/^w(\d+)\.log$/.exec(name)?.[1] ?? -1);
}
