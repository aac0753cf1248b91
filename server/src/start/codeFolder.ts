import { readdir, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { cacheFolder } from "../workspace/cacheFolder.js";

/** What is older is removed, whoever made it: whatever is still in use is simply made again. */
const KEPT_MS = 30 * 24 * 3600 * 1000;

/** Where compiled programs are kept between two starts. */
export function codeFolder(): string {
  return path.join(cacheFolder(process.platform, process.env, os.homedir()), "fanout", "code");
}

/** Keeps the folder from growing with every version of fanout and Node. */
export async function pruneCode(folder: string, now: number): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (now - (await stat(file)).mtimeMs > KEPT_MS) await rm(file, { force: true });
  }
}
