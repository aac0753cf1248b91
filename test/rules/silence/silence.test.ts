import { fileURLToPath } from "node:url";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { rules } from "../../../server/src/rules/index.js";
import { runRules } from "../../../server/src/rules/runRules.js";
import { campaign } from "../../support/campaign.js";
import { createCommonProject } from "../../support/memoryProject.js";
import { type CaseFile, caseFiles } from "./tables.js";

/**
 * One mistake, one diagnostic: over every known mistake, what the real compiler and our rules say together is one
 * thing, said by the one who says it best.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The compiler takes its time for each: a small campaign tries every third of a table. */
const third = caseFiles.filter((_, index) => index % 3 === 0);
const tried = campaign({ small: third, middle: caseFiles, full: caseFiles });

const fileOf = (index: number): string => path.join(root, "test", `silence-${index}.dag.ts`);
/** In the workspace that the rules read. */
const readFileOf = (index: number): string => `/flows/case${index}.dag.ts`;

const workspace = createCommonProject(new Map(tried.map(({ text }, index) => [readFileOf(index), text])));

const compiled = compile(new Map(tried.map(({ text }, index) => [fileOf(index), text])));

/** What strict `tsc` says of each file, as line and code. */
function compile(files: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    paths: { fanout: [path.join(root, "runtime/src/index.ts")] },
  };
  const host = ts.createCompilerHost(options);
  const readFile = (file: string): string | undefined => files.get(file) ?? ts.sys.readFile(file);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    readFile,
    fileExists: (file) => files.has(file) || ts.sys.fileExists(file),
    getSourceFile: (file, version) => {
      const text = readFile(file);
      return text === undefined ? undefined : ts.createSourceFile(file, text, version);
    },
  });
  const describeOne = ({ code, messageText }: ts.Diagnostic): string =>
    `TS${code} ${ts.flattenDiagnosticMessageText(messageText, " ").slice(0, 80)}`;
  return new Map(
    [...files.keys()].map((file) => [
      file,
      program.getSemanticDiagnostics(program.getSourceFile(file)).map(describeOne),
    ]),
  );
}

interface Said {
  readonly rule: string;
  /** The text that is marked. */
  readonly at: string;
}

function rulesOn({ text }: CaseFile, file: string): Said[] {
  const facts = workspace.analyze(file);
  const types = workspace.typeQueries(file);
  const lines = text.split("\n");
  return runRules(facts, { rules, severities: {}, types }).map(({ rule, span }) => {
    const isOneLine = span.line === span.endLine;
    return { rule, at: isOneLine ? (lines[span.line - 1]?.slice(span.column - 1, span.endColumn - 1) ?? "") : "…" };
  });
}

describe("the silence table", () => {
  it.each(tried.map((each, index) => [each.name, each, index] as const))("%s", (_name, each, index) => {
    const fromTypeScript = compiled.get(fileOf(index)) ?? [];
    const fromRules = rulesOn(each, readFileOf(index));
    const said = [...fromTypeScript, ...fromRules.map(({ rule }) => `rule:${rule}`)];
    if (each.owner === "nobody") {
      expect(said).toEqual([]);
    } else if (each.owner === "typescript") {
      expect(fromTypeScript).toHaveLength(1);
      expect(fromRules).toEqual([]);
    } else {
      expect(said).toEqual([each.owner]);
      if (each.at !== undefined) expect(fromRules[0]?.at).toBe(each.at);
    }
  });
});
