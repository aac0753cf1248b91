import type { RunHandle } from "../engine/startRun.js";
import type { Cli } from "./cli.js";
import type { RunScreen } from "./runScreen.js";

/** Ctrl-C, while a command executes a run: the first one ends it cleanly, the next one at once. */
export interface Interrupts {
  /** Null before the run exists: nothing has been written then, so there is nothing to end cleanly. */
  handle: RunHandle | null;
  /** Null before there is one. */
  screen: RunScreen | null;
  stop(): void;
}

export function watchInterrupts(cli: Cli, opened: RunScreen | null = null): Interrupts {
  const stop = cli.onInterrupt((times) => {
    const { handle, screen } = interrupts;
    if (handle !== null && times === 1) {
      handle.cancel();
      screen?.notice("Cancelling: running instances are being ended. Press Ctrl-C again to stop at once.");
      return;
    }
    screen?.close();
    cli.err.write("Stopped.\n");
    cli.forceExit(130);
  });
  const interrupts: Interrupts = { handle: null, screen: opened, stop };
  return interrupts;
}
