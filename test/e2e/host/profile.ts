import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** The folders of one throw-away VS Code. */
export interface Profile {
  readonly folder: string;
  readonly user: string;
  readonly extensions: string;
  readonly server: string;
  readonly config: string;
  remove(): void;
}

/** Quiet and offline: nothing pops up over what a test looks at. */
const QUIET_SETTINGS = {
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "update.mode": "none",
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true,
  "typescript.disableAutomaticTypeAcquisition": true,
  "chat.disableAIFeatures": true,
  "testing.automaticallyOpenTestResults": "neverOpen",
  "git.enabled": false,
  "workbench.colorTheme": "Dark Modern",
  "editor.minimap.enabled": false,
  "editor.cursorBlinking": "solid",
};

export function makeProfile(settings: Readonly<Record<string, unknown>> = {}): Profile {
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-vscode-"));
  const profile = {
    folder,
    user: path.join(folder, "user"),
    extensions: path.join(folder, "extensions"),
    server: path.join(folder, "server"),
    config: path.join(folder, "config.yaml"),
    remove: () => {
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
  mkdirSync(profile.extensions);
  writeFileSync(profile.config, "auth: none\n");
  const text = JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2);
  for (const scope of ["User", "Machine"]) {
    mkdirSync(path.join(profile.user, scope), { recursive: true });
    writeFileSync(path.join(profile.user, scope, "settings.json"), text);
  }
  return profile;
}
