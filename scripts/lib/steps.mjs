import { inRoot } from "./paths.mjs";
import { tool } from "./process.mjs";

/** @import { Command } from "./process.mjs" */

/** A place of its own: prettier removes the cache at the usual place whenever it is started without `--cache`. */
const formatCache = ["--cache", "--cache-location", inRoot("node_modules/.cache/prettier/checked.json")];

/** What is checked without running anything of ours, the quickest first. @type {readonly Command[]} */
export const checks = [
  { name: "format", args: [tool("prettier/bin/prettier.cjs"), "--check", ".", "--log-level=warn", ...formatCache] },
  { name: "types", args: [tool("typescript/bin/tsc"), "-b"] },
  { name: "lint", args: [inRoot("scripts/lint.mjs")] },
  { name: "generated files", args: ["--import", "tsx", inRoot("scripts/generate.ts"), "--check"] },
  { name: "unused code", args: [tool("knip/bin/knip.js"), "--cache"] },
  { name: "bundle contents", args: [inRoot("scripts/checkBundles.mjs")] },
];

/** Two hours: a campaign in full ends when it ends. */
const WITHOUT_HURRY = "--testTimeout=7200000";

/**
 * How much of each campaign a test run does: `small` for verify, `middle` for npm test, `full` by itself. Tests read
 * it from FANOUT_CAMPAIGN.
 * @param {"small" | "middle" | "full"} size
 * @param {string} report where vitest writes its JSON
 * @param {readonly string[]} [files]
 * @returns {Command}
 */
export function unitTests(size, report, files = []) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return {
    name: `tests (campaigns: ${size})`,
    args: [tool("vitest/vitest.mjs"), "run", ...reporters, ...(size === "full" ? [WITHOUT_HURRY] : []), ...files],
    env: { FANOUT_CAMPAIGN: size },
  };
}
