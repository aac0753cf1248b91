import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAlive } from "./isAlive.js";

/** Copies that somebody reads, and folders that bash runs in: the number is that of the process that made one. */
const NAME = /^fanout-(?:read|bash)-(\d+)-/;

/** Removes what these processes made in the system's temporary folder and did not live to remove. */
export function removeTemporaryFolders(isMeant: (pid: number) => boolean): void {
  try {
    for (const name of readdirSync(tmpdir())) {
      const [, pid] = NAME.exec(name) ?? [];
      if (pid !== undefined && isMeant(Number(pid)))
        rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
    }
  } catch {
    // It belongs to somebody else, who will remove it.
  }
}

/** The same for all processes that are gone. */
export function removeLeftFolders(): void {
  removeTemporaryFolders((pid) => !isAlive(pid));
}
