import { readFileSync } from "node:fs";
import path from "node:path";
import { normaliseSettings, type ProjectOptions, readProjectOptions, type Settings } from "#core/settings.js";

/** What a project's configuration says to whoever checks its DAGs. */
export interface FolderConfig {
  readonly rules: Settings["rules"];
  readonly project: ProjectOptions;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** As Airflow reads it, too; it goes before the configuration, as at run. */
const LENGTH_VARIABLE = "AIRFLOW__CORE__MAX_MAP_LENGTH";

/**
 * The configuration for a DAG file: the section `fanout` of the nearest package.json, or the nearest
 * `fanout.config.json`, which wins where both lie in one folder. The engine looks in the same places.
 */
export class FolderSettings {
  private readonly byFolder = new Map<string, FolderConfig>();

  constructor(private readonly env: Environment = process.env) {}

  for(file: string): FolderConfig {
    return this.ofFolder(path.dirname(file));
  }

  /** A configuration came, went or changed. */
  forget(): void {
    this.byFolder.clear();
  }

  private ofFolder(folder: string): FolderConfig {
    const known = this.byFolder.get(folder) ?? this.read(folder);
    this.byFolder.set(folder, known);
    return known;
  }

  private read(folder: string): FolderConfig {
    const config = readJson(path.join(folder, "fanout.config.json"));
    if (config !== undefined) return this.toConfig(config);
    const manifest = readJson(path.join(folder, "package.json"));
    if (manifest !== undefined) return this.toConfig(sectionOf(manifest) ?? {});
    const parent = path.dirname(folder);
    return parent === folder ? this.toConfig({}) : this.ofFolder(parent);
  }

  private toConfig(content: unknown): FolderConfig {
    const { options } = readProjectOptions(content);
    const limit = Number(this.env[LENGTH_VARIABLE]?.trim());
    const isLimit = Number.isInteger(limit) && limit > 0;
    return {
      rules: normaliseSettings(content).rules,
      project: isLimit ? { ...options, maxMapLength: limit } : options,
    };
  }
}

/** True for the names of files that hold a configuration. */
export function holdsConfiguration(fileName: string): boolean {
  return ["fanout.config.json", "package.json"].includes(path.basename(fileName));
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
