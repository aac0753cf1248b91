import { FanoutError } from "../errors.js";
import type { LoadedDag } from "./plan.js";

/** @throws FanoutError for the first thing that the DAG uses and that is not built. */
export function refuseNotSupported({ notSupported }: LoadedDag): void {
  const [first] = notSupported;
  if (!first) return;
  throw new FanoutError("not-supported-yet", `This DAG uses ${first.feature}, which is not built yet.`, {
    at: first.at,
  });
}
