export interface BashResult {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line of all that it wrote, without the line's end; empty where there was none. */
  readonly lastLine: string;
}

/**
 * Sends standard error to where standard output goes, as Airflow does: in two pipes nobody could tell which line was
 * written first. The command has a shell of its own, which is the same process, so that the numbers of its lines and what
 * it reads as `$0` are as it expects; `-p` leaves `BASH_ENV` to that one.
 */
const INTO_ONE_PIPE = ["-p", "-c", 'exec -a "$0" "$BASH" -c "$1" 2>&1', "bash"];

/** Runs a command in bash and writes its output to the console as it comes. */
export async function runBash(command: string, env: NodeJS.ProcessEnv, cwd: string | undefined): Promise<BashResult> {
  if (cwd !== undefined) return runIn(cwd, command, env);
  const [{ mkdtemp, rm }, { hostname, tmpdir }, path] = await Promise.all([
    import("node:fs/promises"),
    import("node:os"),
    import("node:path"),
  ]);
  // Should this process not live to remove it, its engine does, or the next one: see `store/temporaryFolders.ts`.
  const host = hostname().replaceAll(/\W/g, "_");
  const folder = await mkdtemp(path.join(tmpdir(), `fanout-bash-${host}-${process.pid}-`));
  try {
    return await runIn(folder, command, env);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runIn(cwd: string, command: string, env: NodeJS.ProcessEnv): Promise<BashResult> {
  // Imported here and not above: whoever imports fanout must not pay for what only this operator needs.
  const [{ spawn }, { createInterface }] = await Promise.all([import("node:child_process"), import("node:readline")]);
  const child = spawn("bash", [...INTO_ONE_PIPE, command], { cwd, env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<readonly [number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => resolve([code, signal]));
  });
  let lastLine = "";
  createInterface({ input: child.stdout }).on("line", (line) => {
    lastLine = line;
    console.log(line);
  });
  const [exitCode, signal] = await ended;
  return { exitCode, signal, lastLine: lastLine.trimEnd() };
}
