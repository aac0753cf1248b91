import path from "node:path";
import { DEFAULT_PROJECT_OPTIONS, type ProjectOptions, readConfiguration } from "#core/configuration.js";
import type { SourcePoint } from "#core/model/source.js";
import type { Settings } from "#core/settings.js";
import { type ConfigFile, readConfigFile } from "./configFile.js";

/** What a project's configuration says to whoever checks its DAGs. */
export interface FolderConfig {
  readonly rules: Settings["rules"];
  readonly project: ProjectOptions;
  /** Of what could not be read, and was left out. */
  readonly problems: readonly FolderProblem[];
}

export interface FolderProblem {
  /** One sentence. */
  readonly message: string;
  /** Where it stands, unless the environment says it. */
  readonly at?: SourcePoint;
}

export interface FolderOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The rules that a configuration may name. */
  readonly ruleNames: readonly string[];
}

/** As Airflow reads it, too; it goes before the configuration, as at run. */
const LENGTH_VARIABLE = "AIRFLOW__CORE__MAX_MAP_LENGTH";

/**
 * The configuration for a DAG file: the section `fanout` of the nearest package.json, or the nearest
 * `fanout.config.json`, which wins where both lie in one folder. The engine looks in the same places.
 */
export class FolderSettings {
  private readonly byFolder = new Map<string, FolderConfig>();

  constructor(private readonly options: FolderOptions) {}

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
    const file = readConfigFile(folder);
    const parent = path.dirname(folder);
    if (file === undefined && parent !== folder) return this.ofFolder(parent);
    return this.withEnvironment(file === undefined ? nothing : readFile(file, this.options.ruleNames));
  }

  private withEnvironment(config: FolderConfig): FolderConfig {
    const variable = this.options.env[LENGTH_VARIABLE]?.trim();
    if (variable === undefined || variable === "") return config;
    const maxMapLength = Number(variable);
    if (Number.isInteger(maxMapLength) && maxMapLength > 0) {
      return { ...config, project: { ...config.project, maxMapLength } };
    }
    const problem = { message: `'${LENGTH_VARIABLE}' must be a whole number, 1 or more.` };
    return { ...config, problems: [...config.problems, problem] };
  }
}

const nothing: FolderConfig = { rules: {}, project: DEFAULT_PROJECT_OPTIONS, problems: [] };

function readFile({ content, placeOf }: ConfigFile, ruleNames: readonly string[]): FolderConfig {
  if (content === undefined) {
    return { ...nothing, problems: [{ message: "The configuration is not JSON.", at: placeOf([]) }] };
  }
  const { rules, options, problems } = readConfiguration(content ?? {}, ruleNames);
  return {
    rules,
    project: options,
    problems: problems.map(({ path: names, message }) => ({ message, at: placeOf(names) })),
  };
}
