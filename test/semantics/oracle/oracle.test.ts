import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { campaign, isSmall } from "../../support/campaign.js";
import { type RawProgram, rawProgram } from "./arbitrary.js";
import { compare } from "./compare.js";
import { EXPECTED, EXPECTED_IN_MAPPED_GROUPS, featuresOf } from "./features.js";
import { readProgram } from "./readProgram.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20220402);
const PROGRAMS = campaign({ small: 100, middle: 400, full: 2000 });

// What fails says so, and thousands do.
beforeAll(() => {
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterAll(() => vi.restoreAllMocks());

describe("§2, §4 the engine and a reference evaluator written from the specification", () => {
  it(
    "agree on random DAGs: instances, indexes, states, tries, XComs and the run's state",
    async () => {
      const met = new Set<string>();
      const property = fc.asyncProperty(rawProgram, async (raw: RawProgram) => {
        const program = readProgram(raw);
        const verdict = await compare(program, raw.order);
        fc.pre(verdict !== null);
        for (const feature of featuresOf(program, verdict)) met.add(feature);
      });
      await fc.assert(property, { seed: SEED, numRuns: PROGRAMS, reporter: report });
      if (!isSmall)
        expect([...EXPECTED, ...EXPECTED_IN_MAPPED_GROUPS].filter((feature) => !met.has(feature))).toEqual([]);
    },
    60_000 + 200 * PROGRAMS,
  );
});

/** The smallest program that fails, as it can be run. */
function report(details: fc.RunDetails<[RawProgram]>): void {
  if (!details.failed) return;
  const { seed, numRuns, errorInstance } = details;
  const cause = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  throw new Error(`Program ${String(numRuns)} of seed ${String(seed)}:\n\n${cause}`);
}
