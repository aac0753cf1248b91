import type { ProjectOptions } from "#core/configuration.js";
import type { Settings } from "#core/settings.js";
import type { FolderConfig } from "./folderSettings.js";

/** What rules are run with, beside the file that they judge. */
export interface RuleSettings {
  readonly severities: Settings["rules"];
  readonly project: ProjectOptions;
}

/**
 * The configuration of a project with the editor's settings over it. An editor says `default` of every rule that nobody
 * has set in it, so that word leaves the configuration's as it is.
 */
export function ruleSettings(config: FolderConfig, editor?: Settings): RuleSettings {
  const set = Object.entries(editor?.rules ?? {}).filter(([, severity]) => severity !== "default");
  return { severities: { ...config.rules, ...Object.fromEntries(set) }, project: config.project };
}
