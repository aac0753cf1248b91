import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { countsLine, sum, vitestCounts } from "../../scripts/lib/counts.mjs";
import { installBrowser } from "../support/browser.js";
import { useOwnEnvironment } from "../support/ownEnvironment.js";
import { installHost } from "./host/installHost.js";
import { runSuite } from "./runSuite.js";

/** Runs the two kinds of tests in a real VS Code and adds up what they say. Started by scripts/e2e.mjs. */
interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

const root = fileURLToPath(new URL("../..", import.meta.url));
const { values } = parseArgs({
  options: { suite: { type: "boolean" }, ui: { type: "boolean" }, report: { type: "string" } },
});
const both = values.suite !== true && values.ui !== true;
const reports = mkdtempSync(path.join(tmpdir(), "fanout-reports-"));

const environment = useOwnEnvironment();
const missing = installHost() ?? installBrowser();
const parts: Counts[] = [];
if (both || values.suite === true) parts.push(await inExtensionHost(missing));
if (both || values.ui === true) parts.push(missing === null ? inWindow() : skip("the tests of the window", missing));

rmSync(reports, { recursive: true });
environment.remove();
const total = sum(parts);
if (values.report !== undefined) writeFileSync(values.report, JSON.stringify(total));
console.log(`\nreal VS Code: ${countsLine(total)}`);
process.exitCode = total.failed === 0 ? 0 : 1;

async function inExtensionHost(noHost: string | null): Promise<Counts> {
  const desktop = process.env["VSCODE_EXECUTABLE"];
  if (noHost !== null && desktop === undefined) return skip("the suite in the extension host", noHost);
  const result = await runSuite(path.join(reports, "suite.json"), desktop);
  for (const { title, reason } of result.failures) console.error(`\n✘ ${title}\n${reason}`);
  return result;
}

function inWindow(): Counts {
  const report = path.join(reports, "ui.json");
  const reporters = ["--reporter=verbose", "--reporter=json", `--outputFile.json=${report}`];
  const config = ["--config", path.join(root, "test/e2e/vitest.config.ts")];
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const { status } = spawnSync(process.execPath, [vitest, "run", ...config, ...reporters], {
    cwd: root,
    stdio: "inherit",
  });
  const counts = vitestCounts(report);
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

/** A skipped part counts as one: a summary without it would look complete. */
function skip(what: string, reason: string): Counts {
  console.log(`\nSKIPPED ${what}: ${reason}.`);
  return { passed: 0, failed: 0, skipped: 1 };
}
