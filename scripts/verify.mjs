/**
 * `npm run verify`: everything but the packages, the real VS Code and what `vitest.config.ts` leaves to `npm test`;
 * campaigns at their small seed.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { leftOut } from "./lib/counts.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runBeside, runSteps } from "./lib/process.mjs";
import { checks, unitTests } from "./lib/steps.mjs";

bootstrap();
const reports = mkdtempSync(path.join(tmpdir(), "fanout-reports-"));
const unitReport = path.join(reports, "unit.json");
const startedAt = performance.now();
const built = await runSteps([{ name: "build", args: [inRoot("scripts/build.mjs")] }], { stopAtFailure: true });
const isBuilt = built.every(({ ok }) => ok);
// Tests wait for processes much of their time, and what is checked meanwhile costs no time of its own.
const rest = isBuilt ? await runBeside([checks, [unitTests("small", unitReport)]]) : [];
const results = [...built, ...rest];
const left = leftOut(unitReport, inRoot("test"));
rmSync(reports, { recursive: true });

console.log("");
for (const { name, ok, seconds } of results) {
  console.log(`${ok ? "✔" : "✘"} ${seconds.toFixed(1).padStart(6)} s  ${name}`);
}
console.log(`\nDone in ${((performance.now() - startedAt) / 1000).toFixed(0)} seconds.`);
if (left !== null) {
  const tests = `${left.files} of ${left.allFiles} test files, ${left.skipped} tests of the others`;
  console.log(`Left to 'npm test': ${tests}, most of each campaign, the packages, and the real VS Code.`);
}
const failed = results.filter(({ ok }) => !ok).map(({ name }) => `'${name}'`);
if (failed.length > 0) console.log(`Failed: ${failed.join(", ")}. What stands behind it was not checked.`);
process.exitCode = failed.length > 0 ? 1 : 0;
