import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Gives the machine back what a large piece of work has left behind. V8 by itself keeps it for as long as there is room;
 * for when nobody waits, since it takes a moment.
 */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  // What V8 compiled is kept for the next start only where its flags are those of the start.
  setFlagsFromString("--no-expose-gc");
}
