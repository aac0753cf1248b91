import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { countsLine, ownCounts, stepCounts, sum, vitestCounts } from "../../scripts/lib/counts.mjs";

describe("the closing line", () => {
  let folder: string;
  let report: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "fanout-counts-"));
    report = path.join(folder, "report.json");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it("adds up all runners", () => {
    const steps = stepCounts([{ ok: true }, { ok: false }]);
    expect(countsLine(sum([steps, { passed: 5, failed: 0, skipped: 2 }]))).toBe("6 passed, 1 failed, 2 skipped");
  });

  it("counts a file that could not be loaded as a failure", () => {
    const testResults = [
      { status: "failed", assertionResults: [] },
      { status: "passed", assertionResults: [{}] },
    ];
    const counts = { numPassedTests: 1, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0 };
    writeFileSync(report, JSON.stringify({ ...counts, testResults }));
    expect(vitestCounts(report)).toEqual({ passed: 1, failed: 1, skipped: 0 });
  });

  it("counts a runner that left no report as a failure", () => {
    expect(vitestCounts(report).failed).toBe(1);
    expect(ownCounts(report).failed).toBe(1);
  });
});
