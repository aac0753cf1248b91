const ABSOLUTE = /^(?:[A-Za-z]:)?[\\/]/;

/**
 * Where Fanout keeps what it can make again, as each system has it. `home` may throw or give nothing: a user of a container
 * need not have a name, nor a folder. Null then.
 */
export function cacheFolder(
  platform: string,
  env: Readonly<Record<string, string | undefined>>,
  home: () => string,
): string | null {
  const given = platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_CACHE_HOME"];
  if (given !== undefined && ABSOLUTE.test(given)) return `${given}/fanout`;
  const own = orNull(home);
  if (own === null || !ABSOLUTE.test(own)) return null;
  return platform === "darwin" ? `${own}/Library/Caches/fanout` : `${own}/.cache/fanout`;
}

function orNull(home: () => string): string | null {
  try {
    return home();
  } catch {
    return null;
  }
}
