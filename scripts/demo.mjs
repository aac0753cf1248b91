/** `npm run demo`: from a fresh clone, runs both examples and prints what every mapped instance wrote. */
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runNode } from "./lib/process.mjs";

bootstrap();
const { build } = await import("./lib/build.mjs");
await build();

const fanout = inRoot("dist/runtime/cli.js");
for (const example of ["examples/adder.dag.ts", "examples/ml_pipeline.dag.ts"]) {
  console.log(`\n$ fanout run ${example}`);
  process.exitCode = await runNode({ name: example, args: [fanout, "run", example] });
  if (process.exitCode !== 0) break;
}
