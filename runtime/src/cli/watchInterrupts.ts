import type { RunHandle } from "../engine/startRun.js";
import type { Cli } from "./cli.js";
import type { RunScreen } from "./runScreen.js";

/** Ctrl-C, while a command executes a run: the first one ends it cleanly, the next one at once. */
export interface Interrupts {
  /** Null before the run exists: nothing has been written then, so there is nothing to end cleanly. */
  handle: RunHandle | null;
  /** Null before there is one. */
  screen: RunScreen | null;
  /** Aborted by the first Ctrl-C before the run is under way. */
  readonly loading: AbortSignal;
  stop(): void;
}

/** `isOwned`: the run is there already, and whoever has taken it must first let go of it. */
export function watchInterrupts(cli: Cli, opened: RunScreen | null = null, isOwned = false): Interrupts {
  const loading = new AbortController();
  const stop = cli.onInterrupt((times) => {
    const { handle, screen } = interrupts;
    if (isOwned && handle === null && times === 1) return loading.abort();
    if (handle !== null && times === 1) {
      handle.cancel();
      screen?.notice("Cancelling: running instances are being ended. Press Ctrl-C again to stop at once.");
      return;
    }
    screen?.close();
    cli.err.write("Stopped.\n");
    cli.forceExit(130);
  });
  const interrupts: Interrupts = { handle: null, screen: opened, loading: loading.signal, stop };
  return interrupts;
}
