import { registry } from "../authoring/registry.js";
import { FanoutError } from "../errors.js";
import { OutputCapture } from "./outputCapture.js";

const key = Symbol.for("fanout.testing.1");
/** What all copies of fanout in one process share: the run that was asked for last. */
const shared = globalThis as unknown as { [key]?: Promise<unknown> };

/**
 * Runs of one process take turns: they share its console and the context of the instance that is running.
 * @throws FanoutError where an instance asks for it, which would wait for itself.
 */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  if (OutputCapture.current() || (shared[key] === undefined && registry().context !== undefined)) {
    throw new FanoutError("invalid-option", "A task cannot test a DAG: the run that it belongs to is under way.", {
      advice: "Call test() outside of tasks.",
    });
  }
  const before = shared[key];
  const mine = (async () => {
    await before?.catch(() => undefined);
    return work();
  })();
  shared[key] = mine;
  try {
    return await mine;
  } finally {
    if (shared[key] === mine) delete shared[key];
  }
}
