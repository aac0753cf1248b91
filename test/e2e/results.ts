import { existsSync, readFileSync } from "node:fs";

/** What the suite inside the extension host leaves for its runner. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  readonly failures: readonly { readonly title: string; readonly reason: string }[];
}

/** Where the suite writes its `SuiteResult`; set by the runner. */
export const RESULT_FILE_VARIABLE = "FANOUT_E2E_RESULT";

/** A suite that left nothing did not get to its end, whatever the exit code says: a killed extension host exits with 0. */
export function readSuiteResult(file: string): SuiteResult {
  if (!existsSync(file)) {
    const reason = "The extension host ended before the suite did.";
    return { passed: 0, failed: 1, skipped: 0, failures: [{ title: "suite", reason }] };
  }
  return JSON.parse(readFileSync(file, "utf8")) as SuiteResult;
}
