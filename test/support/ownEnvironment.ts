import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** What a person may have set for every command; tests that are about one of them set it themselves. */
const NOT_OURS = /^(FANOUT_HOME|AIRFLOW__.*)$/;

/**
 * The tests and their processes behave alike whoever starts them, and keep what lasts from one start to the next in a
 * temporary folder, not in the person's own.
 */
export function useOwnEnvironment(): { remove: () => void } {
  for (const name of Object.keys(process.env)) if (NOT_OURS.test(name)) delete process.env[name];
  const cache = mkdtempSync(path.join(tmpdir(), "fanout-cache-"));
  for (const name of ["XDG_CACHE_HOME", "LOCALAPPDATA"]) process.env[name] = cache;
  return { remove: () => rmSync(cache, { recursive: true, force: true }) };
}
