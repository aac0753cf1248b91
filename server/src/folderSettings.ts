import { readFileSync } from "node:fs";
import path from "node:path";
import { DEFAULT_SETTINGS, normaliseSettings, type Settings } from "#core/settings.js";

/**
 * Settings for files that no editor has open: the section `fanout` of the nearest package.json, or the nearest
 * `fanout.config.json`, which wins where both lie in one folder.
 */
export class FolderSettings {
  private readonly byFolder = new Map<string, Settings>();

  for(file: string): Settings {
    return this.ofFolder(path.dirname(file));
  }

  private ofFolder(folder: string): Settings {
    const known = this.byFolder.get(folder) ?? this.read(folder);
    this.byFolder.set(folder, known);
    return known;
  }

  private read(folder: string): Settings {
    const config = readJson(path.join(folder, "fanout.config.json"));
    if (config !== undefined) return normaliseSettings(config);
    const manifest = readJson(path.join(folder, "package.json"));
    if (manifest !== undefined) return normaliseSettings(sectionOf(manifest));
    const parent = path.dirname(folder);
    return parent === folder ? DEFAULT_SETTINGS : this.ofFolder(parent);
  }
}

function sectionOf(manifest: unknown): unknown {
  return typeof manifest === "object" && manifest !== null && "fanout" in manifest ? manifest.fanout : undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Missing or half-written: whoever needs the file for more than this says so.
    return undefined;
  }
}
