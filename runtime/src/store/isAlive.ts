import { readFileSync } from "node:fs";

/**
 * Whether a process of this machine still runs; one of another user counts as running. `startedAt` is what
 * `processStart` said of it: where the system tells that, another process with the same number is told apart.
 */
export function isAlive(pid: number, startedAt: string | null = null): boolean {
  try {
    process.kill(pid, 0);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  const stat = readStat(pid);
  // One that has ended and that nobody has asked for yet still has its number.
  if (stat?.state === "Z" || stat?.state === "X") return false;
  return startedAt === null || stat === null || stat.start === startedAt;
}

/** When a process started, in a form that only equality makes sense of; null where the system does not tell. */
export function processStart(pid: number): string | null {
  return readStat(pid)?.start ?? null;
}

/** Source: proc_pid_stat(5): the name in parentheses may hold anything; after it the state is the 1st and the start the 20th. */
function readStat(pid: number): { readonly state: string; readonly start: string } | null {
  if (process.platform !== "linux") return null;
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return { state: fields[0] ?? "", start: fields[19] ?? "" };
  } catch {
    return null;
  }
}
