import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What the tests' processes keep between two starts lies in a temporary folder, not in the person's own. */
export function useOwnCache(): { remove: () => void } {
  const folder = mkdtempSync(path.join(tmpdir(), "fanout-cache-"));
  for (const name of ["XDG_CACHE_HOME", "LOCALAPPDATA"]) process.env[name] = folder;
  return { remove: () => rmSync(folder, { recursive: true, force: true }) };
}
