import { promises } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { cacheFolder } from "#core/cacheFolder.js";

/** What is older is removed, whoever made it: whatever is still in use is simply made again. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Where compiled programs are kept between two starts; null where there is no place for it. */
export function codeFolder(): string | null {
  const folder = cacheFolder(process.platform, process.env, homedir);
  return folder === null ? null : path.join(folder, "code");
}

/** Keeps the folder from growing with every version of fanout and Node. What cannot be removed stays. */
export async function pruneCode(folder: string, now: number): Promise<void> {
  const entries = await promises.readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    const stat = await promises.stat(file).catch(() => null);
    if (stat && now - stat.mtimeMs > KEPT_MS) await promises.rm(file, { force: true }).catch(() => undefined);
  }
}
