import type { DagModel } from "#core/model/dag.js";
import type { RunAction } from "#core/model/runAction.js";
import { type Selected, type Source, selectInstances } from "./select.js";
import { withSetups } from "./setups.js";

/**
 * All that an action changes: what a person names, and what that cannot run once more without.
 * @throws FanoutError `unknown-task`, `unknown-map-index`, `ambiguous-instance`
 */
export function meantBy(model: DagModel, store: Source, { name, selection }: MeantAction): readonly Selected[] {
  const named = selectInstances(model, store, selection);
  return name === "clear" ? withSetups(model, store, named) : named;
}

export type MeantAction = Pick<RunAction, "name" | "selection">;
