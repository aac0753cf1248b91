import { readFileSync } from "node:fs";

/** More work than this on one question is a hang for whoever waits for the answer, in seconds. */
const LIMIT = 1;
const TICKS_PER_SECOND = 100;

/**
 * Waits for the answers of a process, and fails where it works on them for more than a second. What is counted is the
 * processor's time: on a busy machine the clock says nothing about whether a program hangs.
 */
export async function withoutHanging<T>(pid: number, answers: Promise<T>): Promise<T> {
  const start = secondsOf(pid);
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (secondsOf(pid) - start > LIMIT) reject(new Error("The process works on one question for too long."));
    }, 100);
  });
  try {
    return await Promise.race([answers, hang]);
  } finally {
    clearInterval(timer);
  }
}

/** Processor time of a process; where the system does not tell, a thirtieth of the clock's. */
function secondsOf(pid: number): number {
  if (process.platform !== "linux") return performance.now() / 30_000;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

/** The same for work in this process, looked at when it has ended. */
export function isQuick(work: () => void): boolean {
  const start = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6 <= LIMIT;
}
