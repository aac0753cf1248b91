import path from "node:path";

/** Where programs keep what they can make again, as each system has it. */
export function cacheFolder(platform: string, env: Readonly<Record<string, string | undefined>>, home: string): string {
  const given = platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"];
  if (given !== undefined && path.isAbsolute(given)) return given;
  return platform === "darwin" ? path.join(home, "Library", "Caches") : path.join(home, ".cache");
}
