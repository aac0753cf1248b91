const ABSOLUTE = /^(?:[A-Za-z]:)?[\\/]/;

/**
 * Where Fanout keeps what it can make again, as each system has it. `home` may throw: a user of a container need not have
 * a name, nor a folder. Null then.
 */
export function cacheFolder(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: () => string,
): string | null {
  const given = platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"];
  if (given !== undefined && ABSOLUTE.test(given)) return `${given}/fanout`;
  try {
    return platform === "darwin" ? `${home()}/Library/Caches/fanout` : `${home()}/.cache/fanout`;
  } catch {
    return null;
  }
}
