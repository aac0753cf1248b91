import { build } from "../../scripts/lib/build.mjs";
import { useOwnEnvironment } from "./ownEnvironment.js";

/**
 * Tests start the built bundles as processes: brings dist/ up to date once before any of them runs. What does not build
 * fails the tests that need it, and no others.
 */
export async function setup(): Promise<() => void> {
  await build().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
  });
  return useOwnEnvironment().remove;
}
