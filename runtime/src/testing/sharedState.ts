import { type Given, registry } from "../authoring/registry.js";

/**
 * Gives connections and variables to the run that follows, and takes them back with every secret that it came to know.
 * What is printed is not masked as it is printed, as a worker does for good, but when it is read.
 */
export function giveToRun(given: Given): () => void {
  const shared = registry();
  const { given: before, onSecret } = shared;
  const known = new Set(shared.secrets);
  shared.given = given;
  shared.onSecret = () => undefined;
  return () => {
    shared.given = before;
    shared.onSecret = onSecret;
    for (const secret of shared.secrets) if (!known.has(secret)) shared.secrets.delete(secret);
  };
}
