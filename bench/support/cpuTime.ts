import { readFileSync, readdirSync } from "node:fs";

/** Linux counts a process's time in hundredths of a second. */
const MS_A_TICK = 10;

interface Times {
  readonly parent: number;
  readonly ms: number;
}

/**
 * What a process, those that it started and those that have ended have computed so far, in milliseconds; NaN where the
 * system does not tell. Unlike what a clock shows it hardly depends on what else the machine does.
 */
export function cpuOfTree(pid: number): number {
  if (process.platform !== "linux") return NaN;
  const all = new Map(allProcesses());
  const sum = (one: number): number => {
    const children = [...all].filter(([, { parent }]) => parent === one).map(([child]) => child);
    return (all.get(one)?.ms ?? 0) + children.reduce((total, child) => total + sum(child), 0);
  };
  return sum(pid);
}

function* allProcesses(): Iterable<readonly [number, Times]> {
  for (const name of readdirSync("/proc")) {
    const times = /^\d+$/.test(name) ? timesOf(name) : null;
    if (times !== null) yield [Number(name), times];
  }
}

function timesOf(pid: string): Times | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the name in parentheses, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    return { parent: Number(fields[1]), ms: ticks * MS_A_TICK };
  } catch {
    return null; // it has ended meanwhile
  }
}
