import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What one command took, from its start to its end. */
export interface Usage {
  readonly ms: number;
  /** Of its own process, without those that it started: user and system time. */
  readonly cpuMs: number;
  /** Its largest resident size. */
  readonly rssMb: number;
}

/** The path of a file of this installation, by its place seen from `bench/`. */
export function fileOf(relative: string): string {
  return fileURLToPath(new URL(`../${relative}`, import.meta.url));
}

/** Runs a program of Node to its end, which must be a good one. */
export function usageOf(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Usage {
  const usageFile = path.join(cwd, "usage.json");
  const start = performance.now();
  execFileSync(process.execPath, ["--import", fileOf("programs/usage.mjs"), ...args], {
    env: { ...process.env, ...env, USAGE_FILE: usageFile },
    cwd,
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ms = performance.now() - start;
  return { ms, ...(JSON.parse(readFileSync(usageFile, "utf8")) as Omit<Usage, "ms">) };
}

/** The one in the middle by time. */
export function medianUsage(measured: readonly Usage[]): Usage {
  const sorted = measured.toSorted((a, b) => a.ms - b.ms);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (!middle) throw new Error("nothing was measured");
  return middle;
}
