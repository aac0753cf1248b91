/**
 * `npm run demo`: from a fresh clone, runs the examples and prints what every mapped instance gave and wrote. Leaves
 * nothing but the runs' history in .fanout.
 */
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runNode } from "./lib/process.mjs";

bootstrap();
const { build } = await import("./lib/build.mjs");
await build();

const fanout = inRoot("dist/runtime/cli.cjs");
const output = JSON.stringify({ output_dir: inRoot(".fanout/output") });
/** What is shown, and arguments that are better left out of what people are told to type. */
const commands = [
  { shown: ["run", "examples/adder.dag.ts", "--logs"], hidden: [] },
  { shown: ["run", "examples/filter_by_null.dag.ts", "--logs"], hidden: [] },
  { shown: ["run", "examples/branching.dag.ts", "--logs"], hidden: [] },
  { shown: ["run", "examples/concepts/mapped_task_group.dag.ts", "--logs"], hidden: [] },
  { shown: ["run", "examples/concepts/named_instances.dag.ts", "--logs"], hidden: [] },
  { shown: ["run", "examples/ml_pipeline.dag.ts", "--logs"], hidden: ["--params", output] },
];
for (const { shown, hidden } of commands) {
  const command = shown.join(" ");
  console.log(`\n$ fanout ${command}`);
  process.exitCode = await runNode({ name: command, args: [fanout, ...shown, ...hidden] });
  if (process.exitCode !== 0) break;
}
