import fc from "fast-check";
import { expect, it } from "vitest";
import { codeLens } from "../../server/src/features/codeLens.js";
import { documentSymbols } from "../../server/src/features/documentSymbols.js";
import { explain } from "../../server/src/features/explain.js";
import { hover } from "../../server/src/features/hover.js";
import { inlayHints } from "../../server/src/features/inlayHints.js";
import { syntaxErrors } from "../../server/src/features/syntaxErrors.js";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import type { Workspace } from "../../server/src/workspace/workspace.js";
import { campaign } from "../support/campaign.js";
import { expectSpansInside } from "../support/insideText.js";
import { createMemoryProject } from "../support/memoryProject.js";
import { applyEdit, mutations } from "../support/mutations.js";
import { isQuick } from "../support/watchdog.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20220402);

it("never throws on broken text, never points outside of it, and never hangs", () => {
  const { workspace, fixture } = createMemoryProject("export {};");
  let version = 1;
  const read = (source: string, offset: number): void => {
    workspace.changeDocument(fixture.main, source, ++version);
    lookAtAll(workspace, fixture.main, source, offset);
  };
  // Loads the language's library, which nothing that is counted should pay for.
  read('import { dag } from "fanout"; dag({ dag_id: "first" }, () => {});', 0);
  fc.assert(
    fc.property(mutations, ({ source, edits }) => {
      const edited = edits.reduce(applyEdit, source);
      expect(isQuick(() => read(edited, edits.at(-1)?.from ?? 0))).toBe(true);
    }),
    { seed: SEED, numRuns: campaign({ small: 20, middle: 60, full: 10_000 }) },
  );
});

/** Everything that an editor asks about a text. */
function lookAtAll(workspace: Workspace, file: string, source: string, offset: number): void {
  const facts = workspace.analyze(file);
  expect(facts.notes.filter(({ text }) => text.startsWith("Reading stopped"))).toEqual([]);
  const types = workspace.typeQueries(file);
  const findings = runRules(facts, { rules, severities: {}, types });
  const models = facts.dags.map(({ model }) => model);
  const shown = [codeLens(facts, file), inlayHints(facts), documentSymbols(facts), syntaxErrors(facts)];
  expectSpansInside([models, findings, shown], file, source);
  for (const { edits } of findings.flatMap(({ fixes }) => fixes)) {
    for (const { start, end } of edits) {
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeLessThanOrEqual(source.length);
    }
  }
  hover(facts, Math.min(offset, source.length), types);
  explain(facts);
}
