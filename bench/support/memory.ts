import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What a process holds, in bytes. */
export interface Memory {
  /** Resident now. */
  readonly now: number;
  /** The most that was ever resident; NaN where the system does not tell. */
  readonly peak: number;
}

/** Asks the system, not the process: what its heap says is less than what it takes from the machine. */
export function memoryOf(pid: number): Memory {
  if (process.platform !== "linux") {
    return {
      now: Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)], { encoding: "utf8" })) * 1024,
      peak: NaN,
    };
  }
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
  return { now: field("VmRSS"), peak: field("VmHWM") };
}
