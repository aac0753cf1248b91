import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type RawProgram, rawProgram } from "../semantics/oracle/arbitrary.js";
import { compare } from "../semantics/oracle/compare.js";
import { type Program, type TaskStep, tasksOf } from "../semantics/oracle/program.js";
import { readProgram } from "../semantics/oracle/readProgram.js";
import { campaign } from "../support/campaign.js";
import { type Loss, runInterrupted } from "./support/interruptedProgram.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20221122);
const PROGRAMS = campaign({ small: 60, middle: 300, full: 2000 });

// What fails says so, and thousands do.
beforeAll(() => {
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockImplementation(() => undefined);
});
afterAll(() => vi.restoreAllMocks());

const loss: fc.Arbitrary<Loss> = fc.record({ after: fc.nat(5), isKept: fc.boolean() });
const losses = fc.array(loss, { minLength: 1, maxLength: 4 });

/**
 * An instance with an early rule may have started before a branch decides to skip it, and is lost while it runs: that it had
 * started is not kept, so that it is skipped when the run goes on. `docs/engine.md` says so.
 */
function dependsOnTheMoment(program: Program): boolean {
  const tasks = tasksOf(program).map(({ task }) => task);
  const decides = tasks.some(({ kind }) => kind === "branch" || kind === "short_circuit");
  const hasSetups = tasks.some(({ kind }) => kind === "setup");
  const isEarly = ({ rule }: TaskStep): boolean => rule.startsWith("one_") || (rule === "always" && hasSetups);
  return decides && tasks.some(isEarly);
}

describe("random DAGs with failures, skips and retries", () => {
  it(
    "come to the same instances, states, tries and XComs where their engine is lost again and again as without that",
    async () => {
      let interrupted = 0;
      const property = fc.asyncProperty(rawProgram, losses, async (raw: RawProgram, given: readonly Loss[]) => {
        let legs = 0;
        const program = readProgram(raw);
        fc.pre(!dependsOnTheMoment(program));
        const verdict = await compare(program, raw.order, (same, pick) => {
          legs++;
          return runInterrupted(same, pick, given);
        });
        fc.pre(verdict !== null);
        const ran = verdict.instances.filter(({ try_number }) => try_number > 0).length;
        if (legs > 0 && ran > (given[0]?.after ?? 0)) interrupted++;
      });
      await fc.assert(property, { seed: SEED, numRuns: PROGRAMS, reporter: report });
      expect(interrupted).toBeGreaterThan(PROGRAMS / 5);
    },
    60_000 + 200 * PROGRAMS,
  );
});

/** The smallest program that fails, as it can be run, and when its engine was lost. */
function report(details: fc.RunDetails<[RawProgram, readonly Loss[]]>): void {
  if (!details.failed) return;
  const { seed, numRuns, errorInstance, counterexample } = details;
  const cause = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  const lost = JSON.stringify(counterexample?.[1]);
  throw new Error(`Program ${String(numRuns)} of seed ${String(seed)}, losses ${lost}:\n\n${cause}`);
}
