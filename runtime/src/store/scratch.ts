import { readdirSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { isAlive } from "./isAlive.js";

/** Of another machine, over a shared folder, nobody can tell which processes live. */
export const HOST = hostname().replaceAll(/\W/g, "_");
const NAME = /^tmp\.(\w+)\.(\d+)\./;

/** Where this process may have such files: one that ends in the middle of something takes them along. */
const folders = new Set<string>();
process.on("exit", () => {
  for (const folder of folders) removeScratch(folder, (pid) => pid === process.pid);
});

/** The name of a file in such a folder that nothing else uses, and that is not meant to outlive this process. */
export function scratchName(): string {
  return `tmp.${HOST}.${String(process.pid)}.${process.hrtime.bigint().toString(36)}`;
}

/** Prepares a folder for such files, without those of processes that did not live to remove them. */
export function useForScratch(folder: string): void {
  folders.add(folder);
  removeScratch(folder, (pid) => !isAlive(pid));
}

function removeScratch(folder: string, isMeant: (pid: number) => boolean): void {
  try {
    for (const name of readdirSync(folder)) {
      const [, host, pid] = NAME.exec(name) ?? [];
      if (host === HOST && isMeant(Number(pid))) rmSync(path.join(folder, name), { recursive: true, force: true });
    }
  } catch {
    // The folder is gone, or what is in it belongs to somebody else, who will remove it.
  }
}
