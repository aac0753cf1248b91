import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { dagFiles } from "../support/dagFiles.js";
import { WITHOUT_HURRY } from "../support/memoryProject.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const workspace = new Workspace({ bundledTypes: `${repository}runtime/src/index.ts`, timeLimit: WITHOUT_HURRY });
workspace.addFiles(dagFiles());

/** True of fixtures that show that the graph is read all the same. */
const SHOWN_ON_PURPOSE: Readonly<Record<string, readonly string[]>> = {
  "forms.dag.ts": ["unknown-pool", "unknown-pool"],
  "mappedGroups.dag.ts": ["zero-length"],
  "mapping.dag.ts": ["partial-and-expand", "zero-length"],
  "setupTeardown.dag.ts": ["not-a-list"],
  "several.dag.ts": ["schedule-interval"],
  "tricky.dag.ts": ["reference-as-value"],
};

/** What people are shown first, and what reading is compared with executing on, has nothing that a rule could say of it. */
describe("no false alarm", () => {
  it.each(dagFiles())("in %s", (file) => {
    const facts = workspace.analyze(file);
    const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(file) });
    const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning");
    expect(grave.map(({ rule }) => rule)).toEqual(SHOWN_ON_PURPOSE[path.basename(file)] ?? []);
  });
});
