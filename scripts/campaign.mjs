/** `npm run campaign [files…]`: the campaigns in full, all of them or those that are named; takes minutes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { bootstrap } from "./lib/bootstrap.mjs";
import { countsLine, vitestCounts } from "./lib/counts.mjs";
import { runSteps } from "./lib/process.mjs";
import { unitTests } from "./lib/steps.mjs";

/** Every suite that draws its cases by chance from a seed, or that has them larger than a test run may. */
const CAMPAIGNS = [
  "test/agreement/fuzz.test",
  "test/agreement/fuzzServer",
  "test/agreement/generated",
  "test/faults/fullDisk",
  "test/faults/isolation",
  "test/faults/killCampaign",
  "test/faults/killedBackfill",
  "test/faults/resumeRandom",
  "test/rules/falseAlarmsGenerated",
  "test/runtime/agenda",
  "test/runtime/dispatcher",
  "test/runtime/scale",
  "test/runtime/schedulerRandom",
  "test/semantics/oracle",
];

bootstrap();
const reports = mkdtempSync(path.join(tmpdir(), "fanout-reports-"));
const report = path.join(reports, "campaign.json");
const asked = process.argv.slice(2);
const [result] = await runSteps([unitTests("full", report, asked.length > 0 ? asked : CAMPAIGNS)], {
  stopAtFailure: true,
});
console.log(`\n${countsLine(vitestCounts(report))}`);
rmSync(reports, { recursive: true });
process.exitCode = result?.ok ? 0 : 1;
