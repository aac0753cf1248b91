import { fileURLToPath } from "node:url";
import path from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { rules } from "../../../server/src/rules/index.js";
import { runRules } from "../../../server/src/rules/runRules.js";
import { SharedProject } from "../../support/sharedProject.js";
import { type Case, casePrelude, cases } from "./cases.js";

/**
 * One mistake, one diagnostic: over every known mistake, what the real compiler and our rules say together is one
 * thing, said by the one who says it best.
 */
const root = fileURLToPath(new URL("../../..", import.meta.url));

const projects = new SharedProject();

const fileOf = (index: number): string => path.join(root, "test", `silence-${index}.dag.ts`);

function textOf({ code }: Case): string {
  return `${casePrelude}export default dag({ dag_id: "example" }, () => {\n${code}\n});\n`;
}

const compiled = compile(new Map(cases.map((each, index) => [fileOf(index), textOf(each)])));

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

function rulesOn(each: Case): string[] {
  const { workspace, fixture } = projects.open(textOf(each));
  const facts = workspace.analyze(fixture.main);
  const types = workspace.typeQueries(fixture.main);
  return runRules(facts, { rules, severities: {}, types }).map(({ rule }) => rule);
}

describe("the silence table", () => {
  it.each(cases.map((each, index) => [each.name, each, index] as const))("%s", (_name, each, index) => {
    const fromTypeScript = compiled.get(fileOf(index)) ?? [];
    const fromRules = rulesOn(each);
    switch (each.owner) {
      case "nobody":
        expect([...fromTypeScript, ...fromRules]).toEqual([]);
        break;
      case "later":
        expect(fromRules).toEqual([]);
        break;
      case "typescript":
        expect(fromTypeScript).toHaveLength(1);
        expect(fromRules).toEqual([]);
        break;
      default:
        expect([...fromTypeScript, ...fromRules.map((rule) => `rule:${rule}`)]).toEqual([each.owner]);
    }
  });
});
