import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";

describe.each([
  { name: "index", report: "publicApi", least: 30 },
  { name: "testing", report: "publicTestingApi", least: 7 },
])("the public API: $name", ({ name, report, least }) => {
  const file = fileURLToPath(new URL(`../../dist/types/${name}.d.ts`, import.meta.url));

  it("changes only on purpose", async () => {
    // After a change on purpose: npx vitest run test/types/publicApi.test.ts -u
    await expect(readFileSync(file, "utf8")).toMatchFileSnapshot(`../fixtures/types/${report}.txt`);
  });

  it("explains every export and every member", () => {
    const program = ts.createProgram([file], { noLib: true });
    const checker = program.getTypeChecker();
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    const exports = (module && checker.getExportsOfModule(module)) ?? [];
    const silent = exports.flatMap((symbol) => undocumented(symbol, checker));
    expect(exports.length).toBeGreaterThan(least);
    expect(silent).toEqual([]);
  });
});

/** The names of a symbol and its members that have no docstring. */
function undocumented(exported: ts.Symbol, checker: ts.TypeChecker): string[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const members = [...(symbol.members?.values() ?? [])].filter((member) => /^[a-z]/.test(member.name));
  return [symbol, ...members]
    .filter((one) => (one.flags & ts.SymbolFlags.TypeParameter) === 0)
    .filter((one) => one.getDocumentationComment(checker).length === 0)
    .map((one) => (one === symbol ? one.name : `${symbol.name}.${one.name}`));
}
