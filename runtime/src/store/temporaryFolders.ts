import { readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { isAlive } from "./isAlive.js";
import { HOST } from "./scratch.js";

/** Copies that somebody reads, and folders that bash runs in: of which machine, as containers may share the folder, and process. */
const NAME = /^fanout-(?:read|bash)-(\w+)-(\d+)-/;

/** Removes what these processes made in the system's temporary folder and did not live to remove. */
export function removeTemporaryFolders(isMeant: (pid: number) => boolean): void {
  for (const name of namesIn(tmpdir())) {
    const [, host, pid] = NAME.exec(name) ?? [];
    if (host === HOST && isMeant(Number(pid))) remove(path.join(tmpdir(), name));
  }
}

/** The same for all processes that are gone. */
export function removeLeftFolders(): void {
  removeTemporaryFolders((pid) => !isAlive(pid));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // It belongs to somebody else, who will remove it.
  }
}
