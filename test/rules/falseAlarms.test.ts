import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { dagFiles } from "../support/dagFiles.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const workspace = new Workspace({ bundledTypes: `${repository}runtime/src/index.ts` });

/** What people are shown first has nothing that a rule could say of it. */
describe("no false alarm", () => {
  it.each(dagFiles().filter((file) => file.startsWith(`${repository}examples/`)))("in %s", (file) => {
    workspace.openDocument(file, readFileSync(file, "utf8"), 1);
    const facts = workspace.analyze(file);
    const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(file) });
    const grave = findings.filter(({ severity }) => severity === "error" || severity === "warning");
    expect(grave.map(({ rule, span, message }) => `${span.line} ${rule}: ${message}`)).toEqual([]);
  });
});
