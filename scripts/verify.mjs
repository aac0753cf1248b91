/** `npm run verify`: everything but the real VS Code, campaigns at their small seed; stops at the first failure. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runSteps } from "./lib/process.mjs";
import { checks, unitTests } from "./lib/steps.mjs";

bootstrap();
const reports = mkdtempSync(path.join(tmpdir(), "fanout-reports-"));
const steps = [
  { name: "build", args: [inRoot("scripts/build.mjs")] },
  ...checks,
  unitTests("small", path.join(reports, "unit.json")),
];
const results = await runSteps(steps, { stopAtFailure: true });
rmSync(reports, { recursive: true });

console.log("");
for (const { name, ok, seconds } of results) {
  console.log(`${ok ? "✔" : "✘"} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
}
const failed = results.find(({ ok }) => !ok);
if (failed) console.log(`\nStopped at '${failed.name}'.`);
process.exitCode = failed ? 1 : 0;
