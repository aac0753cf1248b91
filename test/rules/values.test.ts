import { describe, expect, it } from "vitest";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { SharedProject } from "../support/sharedProject.js";
import { inDag } from "./checkFixture.js";

const projects = new SharedProject();

/** What stands behind `x:` of an `expand`, with what a reader must know of it. */
const declarations = `
  interface Row { id: number; name: string }
  const setT = task({ task_id: "setT" }, () => new Set([1]));
  const mapT = task({ task_id: "mapT" }, () => new Map([[1, 2]]));
  const boolT = task({ task_id: "boolT" }, () => true);
  const nullT = task({ task_id: "nullT" }, () => null);
  const dateT = task({ task_id: "dateT" }, () => new Date());
  const uni = task({ task_id: "uni" }, (): string | number[] => "a");
  const row = task({ task_id: "row" }, (): Row => ({ id: 1, name: "a" }));
  const tuple = task({ task_id: "tuple" }, (): readonly [number, number] => [1, 2]);
  const found = JSON.parse("{}") as {
    list: number[]; readonly: readonly number[]; maybe: number[] | undefined; record: Record<string, number>; row: Row;
    iterator: Iterator<number>; promise: Promise<number[]>; unknown: unknown; bytes: Uint8Array; either: string[] | number[];
  };
  declare const ambient: number[];
  function nothing(): void {}
  function later<T>(): T[] { return []; }
  const flag = Boolean(process.env["FLAG"]);
`;

const operator = 'const op = new BashOperator({ task_id: "op", bash_command: "echo" });';

const wrong = [
  "new Set([1])",
  "new Map([[1, 2]])",
  "[1, 2].values()",
  "found.iterator",
  "op",
  "BashOperator",
  "Promise.resolve(['a'])",
  "found.promise",
  "new Date()",
  "null",
  "undefined",
  "void 0",
  "true",
  "'{{ ds }}'",
  "nothing()",
  "() => [1]",
  "function () { return [1]; }",
  "class {}",
  "setT()",
  "mapT()",
  "boolT()",
  "nullT()",
  "dateT()",
  "uni()",
  "found.maybe",
  "flag ? [1] : undefined",
  "(function* () { yield 1; })()",
  "new Uint8Array(2)",
  "found.bytes",
  "/a/",
  "1n",
  "Symbol('a')",
  "-1",
  "1 + 2",
  "`a${found.list.length}`",
  "(5)",
  "5 as unknown as number",
];

const right = [
  "[]",
  "[1, num()]",
  "[...found.list]",
  "found.list",
  "found.readonly",
  "found.either",
  "found.record",
  "found.row",
  "found.maybe ?? []",
  "flag ? [1] : nums()",
  "later<number>()",
  "later()",
  "nums()",
  "strs()",
  "tuple()",
  "row()",
  "nums().map((n) => n + 1)",
  "nums().zip(strs())",
  "{ a: 1 }",
  "({ a: num() })",
  "Object.keys(found.record)",
  "Array.from({ length: 3 }, (_, i) => i)",
  "[1, 2, 3].map((n) => n * 2)",
  "add.override({ task_id: 'inner' }).partial({ y: 1 }).expand({ x: [1] })",
  "JSON.parse('[]') as number[]",
  // TypeScript reports these.
  "found.unknown",
  "notThere",
  "notThere()",
  // Declared without a value that could be read.
  "ambient",
];

/** Which of the expressions are reported, each in an `expand` of its own. */
function reported(expressions: readonly string[]): string[] {
  const body = expressions.map((text) => `add.partial({ y: 1 }).expand({ x: ${text} });`);
  const source = inDag([operator, ...body].join("\n")).replace("export default", `${declarations}\nexport default`);
  const { workspace, fixture } = projects.open(source);
  const facts = workspace.analyze(fixture.main);
  expect(facts.broken).toBe(false);
  expect(facts.dags[0]?.tasks.length).toBeGreaterThan(expressions.length);
  const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(fixture.main) });
  const lines = facts.sourceFile.text.split("\n");
  return findings
    .filter(({ rule }) => rule === "not-mappable")
    .map(({ span }) => lines[span.line - 1]?.slice(span.column - 1, span.endColumn - 1) ?? "");
}

describe("what can be mapped over", () => {
  it("reports everything else, where it is written", () => {
    expect(reported(wrong)).toEqual(wrong);
  });

  it("reports nothing that can", () => {
    expect(reported(right)).toEqual([]);
  });
});
