import path from "node:path";
import { RunReader } from "../../store/readableCopy.js";
import { runsFolder } from "../../store/runFolder.js";
import { type Selected, type Selection, selectInstances } from "./select.js";

/**
 * What an action would change, without changing anything.
 * @throws FanoutError `unknown-task`, `unknown-map-index`
 */
export function planAction(home: string, run_id: string, selection: Selection): readonly Selected[] {
  const reader = new RunReader();
  try {
    return reader.read(path.join(runsFolder(home), run_id), (store) =>
      selectInstances(store.run().model, store, selection),
    );
  } finally {
    reader.close();
  }
}
