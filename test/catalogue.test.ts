import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { RUN_ERROR_CODES } from "#core/errorCodes.js";
import { ruleCatalogue, rules } from "../server/src/rules/index.js";
import { isSmall } from "./support/campaign.js";
import { docsFolder, readRuleDoc } from "./support/ruleDocs.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = ruleCatalogue.map((meta) => meta.name);

/** What stands beside the rules in their folder. */
const machinery = ["createRule.ts", "index.ts", "runRules.ts"];

function namesIn(folder: string, ending: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending) && !machinery.includes(entry.name))
    .map((entry) => entry.name.slice(0, -ending.length))
    .sort();
}

describe("the rule catalogue", () => {
  it("holds every rule file once, in alphabetical order", () => {
    expect(names).toEqual(namesIn(`${root}server/src/rules`, ".ts"));
    expect(names).toEqual([...new Set(names)].sort());
  });

  it("has a document and a test for each rule, and none for others", () => {
    expect(namesIn(docsFolder, ".md").filter((name) => name !== "README")).toEqual(names);
    expect(namesIn(`${root}test/rules`, ".test.ts").filter((name) => names.includes(name))).toEqual(names);
  });

  // A check of its own where checks and tests run together.
  it.skipIf(isSmall)("is what the generated files say", () => {
    const generate = ["--import", "tsx", "scripts/generate.ts", "--check"];
    const { status, stdout, stderr } = spawnSync(process.execPath, generate, { cwd: root, encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
  });
});

describe.each(rules.map((rule) => [rule.meta.name, rule] as const))(
  "%s",
  (name, { meta, check, checkTypes, withoutTypes }) => {
    it("says in its document what it says of itself", () => {
      const doc = readRuleDoc(name);
      expect(doc.title).toBe(`# \`${name}\``);
      expect(doc.firstParagraph).toBe(meta.description);
      expect(doc.headings).toEqual(["❌ Incorrect", "✅ Correct", "How to fix", "In Airflow"]);
      expect(doc.wrong.length).toBeGreaterThan(0);
      expect(doc.right.length).toBeGreaterThan(0);
    });

    it("has each of its messages reported by its test", () => {
      const test = readFileSync(`${root}test/rules/${name}.test.ts`, "utf8");
      for (const messageId of Object.keys(meta.messages)) expect(test).toContain(`"${messageId}"`);
    });

    it("is consistent", () => {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(meta.phases).toEqual([...(check ? [1] : []), ...((checkTypes ?? withoutTypes) ? [2] : [])]);
      // What a DAG says of itself is no part of mapping, whose mistakes the rows are.
      if (meta.category !== "dag" && meta.category !== "portability") expect(meta.dtm.length).toBeGreaterThan(0);
      for (const row of meta.dtm) expect(row).toMatch(/^DTM[1-6]\d\d$/);
      if (meta.prevents !== null) expect(RUN_ERROR_CODES).toContain(meta.prevents);
      for (const messageId of Object.keys(meta.severities ?? {})) expect(meta.messages).toHaveProperty(messageId);
    });
  },
);
