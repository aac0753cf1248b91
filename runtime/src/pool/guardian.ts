import { type ChildProcess, spawn } from "node:child_process";

/** Its input ends when the engine does, however that ends; the last line names the process groups that go with it. */
const SCRIPT = `while read -r line; do groups=$line; done; for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done`;

/**
 * A tiny process that ends the workers of an engine that was killed. A worker notices by itself that its engine is
 * gone, unless it is deep in a loop.
 */
export class Guardian {
  #child: ChildProcess | null = null;
  readonly #pids = new Set<number>();

  /** From now on the worker does not outlive the engine; one that could not be started has no number. */
  protect(pid: number | undefined): void {
    if (pid === undefined || process.platform === "win32") return;
    this.#pids.add(pid);
    this.#tell();
  }

  /** How many it protects. */
  get size(): number {
    return this.#pids.size;
  }

  /** It is gone: its number may soon be that of somebody else's processes. */
  forget(pid: number | undefined): void {
    if (pid !== undefined && this.#pids.delete(pid)) this.#tell();
  }

  /** Nothing is left to be protected. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    // Being waited for, it counts again as something that this process has to do.
    child.ref();
    const closed = new Promise((resolve) => child.once("close", resolve));
    child.kill("SIGKILL");
    await closed;
  }

  #tell(): void {
    this.#child ??= this.#start();
    this.#child.stdin?.write(`${[...this.#pids].join(" ")}\n`);
  }

  #start(): ChildProcess {
    const child = spawn("/bin/sh", ["-c", SCRIPT], { stdio: ["pipe", "ignore", "ignore"], detached: true });
    child.unref();
    // Without a shell there is nothing to guard with.
    child.on("error", () => undefined);
    child.stdin.on("error", () => undefined);
    return child;
  }
}
