/** Builds dist/: the bundles whose sources changed (all of them with --all) and the public types. */
import { bootstrap } from "./lib/bootstrap.mjs";

bootstrap();
const { build } = await import("./lib/build.mjs");
try {
  const built = await build({ all: process.argv.includes("--all") });
  console.log(built.length === 0 ? "dist is up to date" : `built ${built.join(", ")}`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
