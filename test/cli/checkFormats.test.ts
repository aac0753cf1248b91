import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { ValidateFunction } from "ajv";
import draft04 from "ajv-draft-04";
import formats from "ajv-formats";
import fc from "fast-check";
import type { Log } from "sarif";
import { describe, expect, test } from "vitest";
import type { CheckAnswer, CheckProblem } from "#core/protocol/batch.js";
import { checkJunit } from "../../runtime/src/cli/views/checkJunit.js";
import { checkSarif } from "../../runtime/src/cli/views/checkSarif.js";

const cwd = path.resolve("/project");
const inside = path.join(cwd, "dags", "a b.dag.ts");
const outside = path.resolve("/elsewhere/b.dag.ts");
const span = { line: 4, column: 16, endLine: 4, endColumn: 21 };

function problem(file: string, severity: CheckProblem["severity"], code = "cycle"): CheckProblem {
  return { file, ...span, code, severity, message: `<"${code}" & more>\nsecond line` };
}

function answerOf(problems: readonly CheckProblem[], files: readonly string[]): CheckAnswer {
  const rule = { name: "cycle", description: "No circles.", defaultSeverity: "error", prevents: "cycle" } as const;
  return { problems, fixable: 0, fixed: [], dags: [], files, rules: [rule] };
}

const sarif = (answer: CheckAnswer): Log =>
  checkSarif(answer, { cwd, version: "1.2.3", documentOf: (rule) => `# ${rule}` });

const isSarif = schemaOfSarif();

/** The official schema, as the Microsoft's SDK for SARIF carries it. */
function schemaOfSarif(): ValidateFunction {
  const require = createRequire(import.meta.url);
  const schema = readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8");
  const ajv = new draft04.default({ allErrors: true, unicodeRegExp: false });
  formats.default(ajv);
  return ajv.compile(JSON.parse(schema) as object);
}

function refusalsOf(log: unknown): readonly string[] {
  // As it is printed: what is undefined is not there.
  isSarif(JSON.parse(JSON.stringify(log)));
  return (isSarif.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ""}`);
}

describe("SARIF", () => {
  const problems = [problem(inside, "error"), problem(inside, "information"), problem(outside, "warning", "x")];
  const [run] = sarif(answerOf([...problems, problem(inside, "error", "syntax-error")], [inside, outside])).runs;

  test("is what the schema of SARIF 2.1.0 allows, whatever a message or path holds", () => {
    const executed = { ...problem(outside, "error", "import-failed"), executed: true } as const;
    expect(refusalsOf(sarif(answerOf([...problems, executed], [inside, outside])))).toEqual([]);
    expect(refusalsOf(sarif(answerOf([], [])))).toEqual([]);
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, name) => {
        const file = path.join(cwd, name.replaceAll("\0", ""), "x");
        expect(refusalsOf(sarif(answerOf([{ ...problem(file, "error"), message }], [file])))).toEqual([]);
      }),
    );
  });

  test("is not what the schema refuses", () => {
    const log = sarif(answerOf(problems, [inside]));
    expect(refusalsOf({ ...log, version: "2.0.0" })).not.toEqual([]);
    expect(refusalsOf({ ...log, runs: [{ ...run, extra: 1 }] })).not.toEqual([]);
  });

  test("names rules once, and every result by one of them where it is one", () => {
    const { rules = [] } = run?.tool.driver ?? {};
    expect(rules.map(({ id }) => id)).toEqual(["cycle", "syntax-error"]);
    expect(run?.results?.map(({ ruleId, ruleIndex }) => [ruleId, ruleIndex])).toEqual([
      ["cycle", 0],
      ["cycle", 0],
      ["x", undefined],
      ["syntax-error", 1],
    ]);
  });

  test("has its own words for severities", () => {
    expect(run?.results?.map(({ level }) => level)).toEqual(["error", "note", "warning", "error"]);
  });

  test("writes what lies in the folder relative to it, the rest in full", () => {
    const places = run?.results?.map((result) => result.locations?.[0]?.physicalLocation?.artifactLocation) ?? [];
    expect(places[0]).toEqual({ uri: "dags/a%20b.dag.ts", uriBaseId: "SRCROOT" });
    expect(places[2]?.uriBaseId).toBeUndefined();
    expect(places[2]?.uri).toMatch(/^file:\/\/.*\/elsewhere\/b\.dag\.ts$/);
    expect(run?.originalUriBaseIds?.["SRCROOT"]?.uri).toMatch(/\/project\/$/);
  });

  test("keeps lines and columns, which count as ours", () => {
    expect(run?.columnKind).toBe("utf16CodeUnits");
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation?.region).toEqual({
      ...{ startLine: 4, startColumn: 16, endLine: 4, endColumn: 21 },
    });
  });
});

describe("JUnit", () => {
  test("is a case for each error and warning, and one that passed for a file without", () => {
    const problems = [problem(inside, "error"), problem(inside, "warning"), problem(inside, "hint")];
    const lines = checkJunit(answerOf(problems, [inside, outside]), cwd).split("\n");
    expect(lines.filter((line) => line.includes("<testcase"))).toHaveLength(3);
    expect(lines.filter((line) => line.includes("<failure"))).toHaveLength(2);
    expect(lines[1]).toBe('<testsuites name="fanout check" tests="3" failures="2" errors="0">');
  });

  test("has what is wrong in a file that was not checked itself", () => {
    const xml = checkJunit(answerOf([problem(outside, "error")], [inside]), cwd);
    expect([xml.match(/<testsuite /g)?.length, xml.match(/<failure /g)?.length]).toEqual([2, 1]);
  });

  test("is well-formed whatever a message or path holds", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (message, name) => {
        const file = path.join(cwd, name.replaceAll("\0", "").replaceAll("/", ""), "x");
        const xml = checkJunit(answerOf([{ ...problem(file, "error"), message }], [file]), cwd);
        const withoutTags = xml.replace(/<[^<>]*>/g, "");
        expect(withoutTags).not.toMatch(/[<>]|&(?!amp;|lt;|gt;|quot;|#10;)/);
        expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
        expect(xml.match(/="[^"<>]*"/g)?.length).toBe(xml.match(/=(?=")/g)?.length);
      }),
    );
  });
});
