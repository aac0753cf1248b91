/**
 * `npm test`: everything, from a fresh clone. Checks, tests, the packages, and a real VS Code. Each part runs even where an
 * earlier one failed, so that one run tells all; what this machine cannot do is skipped with the reason.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { countsLine, ownCounts, stepCounts, sum, vitestCounts } from "./lib/counts.mjs";
import { inRoot } from "./lib/paths.mjs";
import { runSteps } from "./lib/process.mjs";
import { checks, unitTests } from "./lib/steps.mjs";

bootstrap();
const startedAt = performance.now();
const reports = mkdtempSync(path.join(tmpdir(), "fanout-reports-"));
const unitReport = path.join(reports, "unit.json");
const editorReport = path.join(reports, "editor.json");

const [built] = await runSteps([{ name: "build", args: [inRoot("scripts/build.mjs")] }], { stopAtFailure: true });
const checked = await runSteps(checks, { stopAtFailure: false });
const browser = { name: "browser", args: ["--import", "tsx", inRoot("test/support/prepareBrowser.ts")] };
await runSteps([browser, unitTests("middle", unitReport)], { stopAtFailure: false });
const packaged = await runSteps([{ name: "packages", args: [inRoot("scripts/package.mjs"), "--test"] }], {
  stopAtFailure: false,
});
const editor = { name: "real VS Code", args: [inRoot("scripts/e2e.mjs"), "--packaged", "--report", editorReport] };
await runSteps([editor], { stopAtFailure: false });

const parts = {
  checks: stepCounts([...(built ? [built] : []), ...checked, ...packaged]),
  tests: vitestCounts(unitReport),
  "real VS Code": ownCounts(editorReport),
};
rmSync(reports, { recursive: true });

console.log(`\nDone in ${((performance.now() - startedAt) / 60_000).toFixed(1)} minutes.`);
for (const [name, counts] of Object.entries(parts)) console.log(`${name}: ${countsLine(counts)}`);
const failing = [...checked, ...packaged].filter(({ ok }) => !ok).map(({ name }) => name);
if (failing.length > 0) console.log(`Failed checks: ${failing.join(", ")}`);
const total = sum(Object.values(parts));
console.log(`\n${countsLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;
