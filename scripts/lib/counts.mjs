import { existsSync, readdirSync, readFileSync } from "node:fs";

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 */

/**
 * Reads vitest's JSON report. A file that could not even be loaded has no tests in it and counts as one failure.
 * @param {string} report
 * @returns {Counts}
 */
export function vitestCounts(report) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const result = JSON.parse(readFileSync(report, "utf8"));
  const unloaded = result.testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: result.numPassedTests,
    failed: result.numFailedTests + unloaded.length,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

/**
 * What a test run left out, or null where it did not end: files that it did not load, and tests that were skipped. Tests in
 * a real VS Code have a runner of their own.
 * @param {string} report
 * @param {string} folder of all tests
 */
export function leftOut(report, folder) {
  if (!existsSync(report)) return null;
  const result = JSON.parse(readFileSync(report, "utf8"));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const allFiles = names.filter((name) => name.endsWith(".test.ts") && !/^e2e[\\/]/.test(name)).length;
  return { files: allFiles - result.testResults.length, allFiles, skipped: vitestCounts(report).skipped };
}

/**
 * Reads the counts that a runner of ours wrote as `Counts`.
 * @param {string} report
 * @returns {Counts}
 */
export function ownCounts(report) {
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  return JSON.parse(readFileSync(report, "utf8"));
}

/**
 * @param {readonly { ok: boolean }[]} steps
 * @returns {Counts}
 */
export function stepCounts(steps) {
  const passed = steps.filter(({ ok }) => ok).length;
  return { passed, failed: steps.length - passed, skipped: 0 };
}

/** @param {readonly Counts[]} parts */
export function sum(parts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const part of parts) {
    total.passed += part.passed;
    total.failed += part.failed;
    total.skipped += part.skipped;
  }
  return total;
}

/** @param {Counts} counts */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}
