import { readFileSync } from "node:fs";
import path from "node:path";
import type { Cli } from "./cli.js";

/** Of this installation. */
export function versionOf(cli: Cli): string {
  const manifest: unknown = JSON.parse(readFileSync(path.join(cli.packageRoot, "package.json"), "utf8"));
  const isManifest = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return isManifest ? String(manifest.version) : "unknown";
}
