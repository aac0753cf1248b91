/** `npm run bench [name] [arguments…]`: one benchmark of bench/, or all of them. */
import { readdirSync } from "node:fs";
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runNode, runSteps } from "./lib/process.mjs";

bootstrap();
await runNode({ name: "build", args: [inRoot("scripts/build.mjs")] });
const [wanted, ...rest] = process.argv.slice(2);
const names = wanted === undefined ? all() : [wanted];
const steps = names.map((name) => ({
  name: `bench ${name}`,
  args: ["--import", "tsx", inRoot("bench", `${name}.ts`), ...rest],
}));
const results = await runSteps(steps, { stopAtFailure: false });
process.exitCode = results.every(({ ok }) => ok) ? 0 : 1;

function all() {
  const files = readdirSync(inRoot("bench")).filter((file) => file.endsWith(".ts"));
  return files.map((file) => file.slice(0, -".ts".length));
}
