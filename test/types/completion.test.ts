import { fileURLToPath } from "node:url";
import path from "node:path";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { afterAll, expect, it } from "vitest";

const HEAD = `
import { BaseOperator, task, task_group, type XComArg } from "fanout";
class Load extends BaseOperator<{ sql: string; limit?: number }, number> { execute() { return 1; } }
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number; label?: string }) => x + y);
const sums = task_group({ group_id: "sums" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => add({ x, y }));
`;

it.each([
  ["all inputs of a task", "add.expand({ /*here*/ });", ["label", "x", "y"]],
  ["what partial has not given", "add.partial({ y: 1 }).expand({ /*here*/ });", ["label", "x"]],
  ["what is not written yet", "add.partial({ y: 1 }).expand({ x: [1], /*here*/ });", ["label"]],
  ["all inputs of a group", "sums.expand({ /*here*/ });", ["x", "y"]],
  ["what partial has not given to a group", "sums.partial({ y: 1 }).expand({ /*here*/ });", ["x"]],
  ["an operator's own arguments", 'Load.partial({ task_id: "l" }).expand({ /*here*/ });', ["limit", "sql"]],
  ["what an operator was not given", 'Load.partial({ task_id: "l", limit: 1 }).expand({ /*here*/ });', ["sql"]],
])("completion inside expand offers %s", (_name, code, expected) => {
  expect(completions(HEAD + code).filter((name) => !globals.has(name))).toEqual(expected);
});

const root = fileURLToPath(new URL("../../", import.meta.url));
const file = path.join(root, "completion.dag.ts");
/** The one document that is edited, so that the libraries are parsed once. */
const edited = { text: "", version: 0 };
const service = ts.createLanguageService(languageServiceHost());
afterAll(() => service.dispose());
const globals: ReadonlySet<string> = new Set(completions("/*here*/"));

/** The names that TypeScript's language service offers at the mark, in order. */
function completions(text: string): string[] {
  edited.text = text;
  edited.version += 1;
  const found = service.getCompletionsAtPosition(file, text.indexOf("/*here*/"), undefined);
  return (found?.entries ?? []).map(({ name }) => name).sort();
}

function languageServiceHost(): ts.LanguageServiceHost {
  const readFile = (name: string): string | undefined =>
    name === file ? edited.text : ts.sys.fileExists(name) ? readFileSync(name, "utf8") : undefined;
  return {
    getScriptFileNames: () => [file],
    getScriptVersion: (name) => (name === file ? String(edited.version) : "1"),
    getScriptSnapshot: (name) => {
      const text = readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
    getCurrentDirectory: () => root,
    getCompilationSettings: () => ({
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2023.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      types: [],
    }),
    getDefaultLibFileName: (options) => ts.getDefaultLibFilePath(options),
    fileExists: (name) => name === file || ts.sys.fileExists(name),
    readFile,
    readDirectory: ts.sys.readDirectory.bind(ts.sys),
    directoryExists: ts.sys.directoryExists.bind(ts.sys),
    getDirectories: ts.sys.getDirectories.bind(ts.sys),
  };
}
