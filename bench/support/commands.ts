import { spawnSync } from "node:child_process";

/** Runs a program of Node to its end, which must be a good one: what failed says nothing about speed. */
export function runCommand(args: readonly string[], cwd: string): void {
  const { status, stdout, error } = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`'${args.join(" ")}' ended with ${status ?? "a signal"}: ${stdout.slice(0, 2000)}`);
}
