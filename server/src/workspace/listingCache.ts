import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import type { FileListing } from "#core/model/listing.js";
import { isFileListing } from "#core/protocol/modelGuards.js";

/** More entries than this are thinned out, the longest unused ones first. */
const MOST_ENTRIES = 5000;
const KEPT_ENTRIES = 4000;
/** Folders of other builds that nobody used for so long are removed. */
const KEPT_MS = 14 * 24 * 3600 * 1000;
/** How exactly it is known when an entry was last used. */
const TOUCH_MS = 24 * 3600 * 1000;

/**
 * What was read of files, kept on disk by the hash of their text and of all that they import. An entry never changes
 * and may be lost at any time: whatever cannot be read, written or understood counts as not there.
 */
export class ListingCache {
  readonly #folder: string;

  /** `root`: a folder of our own; `build` tells apart versions of the server, which may read the same text differently. */
  constructor(
    private readonly root: string,
    build: string,
  ) {
    this.#folder = path.join(root, `listings-${build}`);
  }

  async read(key: string, file: string): Promise<FileListing | undefined> {
    try {
      const entry = this.#entry(key);
      const value: unknown = JSON.parse(await readFile(entry, "utf8"));
      if (!isFileListing(value) || value.file !== file) return undefined;
      await touch(entry);
      return value;
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all, also where another server writes the same. */
  async write(key: string, listing: FileListing): Promise<void> {
    const entry = this.#entry(key);
    const unfinished = `${entry}.${process.pid}`;
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(unfinished, JSON.stringify(listing));
      await rename(unfinished, entry);
    } catch {
      await rm(unfinished, { force: true }).catch(() => undefined);
    }
  }

  /** Keeps the folder from growing for ever. */
  async prune(): Promise<void> {
    try {
      await this.#pruneBuilds();
      await this.#pruneEntries();
    } catch {
      // There is nothing to prune, or it is not ours to remove.
    }
  }

  async #pruneBuilds(): Promise<void> {
    const oldest = Date.now() - KEPT_MS;
    for (const name of await readdir(this.root)) {
      const folder = path.join(this.root, name);
      if (!name.startsWith("listings-") || folder === this.#folder) continue;
      if ((await stat(folder)).mtimeMs < oldest) await rm(folder, { recursive: true, force: true });
    }
  }

  async #pruneEntries(): Promise<void> {
    const names = await readdir(this.#folder);
    if (names.length <= MOST_ENTRIES) return;
    const entries = await Promise.all(
      names.map(async (name) => {
        const file = path.join(this.#folder, name);
        return { file, usedMs: (await stat(file)).mtimeMs };
      }),
    );
    entries.sort((a, b) => b.usedMs - a.usedMs);
    await Promise.all(entries.slice(KEPT_ENTRIES).map(({ file }) => rm(file, { force: true })));
  }

  #entry(key: string): string {
    return path.join(this.#folder, `${key}.json`);
  }
}

async function touch(file: string): Promise<void> {
  const now = new Date();
  if (now.getTime() - (await stat(file)).mtimeMs > TOUCH_MS) await utimes(file, now, now);
}
