import { build } from "../../scripts/lib/build.mjs";

/** Tests start the built bundles as processes: brings dist/ up to date once before any of them runs. */
export async function setup(): Promise<void> {
  await build();
}
