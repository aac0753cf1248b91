import { describe, expect, it } from "vitest";
import { ts } from "ts-morph";
import type { TypeQueries } from "../../server/src/analysis/typeQueries.js";
import { createMemoryProject } from "../support/memoryProject.js";

const HEAD = `
  import { BaseOperator, dag, task } from "fanout";
  const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
  const returning = <R>(fn: () => R) => task({ task_id: "t" }, fn)();
  class Op extends BaseOperator<{ sql: string }, number[]> { execute() { return [1]; } }
  interface Row { id: number; name: string }
  declare const cond: boolean; declare const u: unknown; declare const a: any; declare const it: Iterator<number>;
  declare const list1: number[] | undefined; declare const row: Row; declare const ro: readonly number[];
  declare function elsewhere(): readonly [number, number, number, number];
  declare function open(): [number, ...number[]];
  declare const generic: <T>() => T[];
`;

/** Asks about the expressions, each of which is the initialiser of a variable. */
function ask<T>(expressions: readonly string[], query: (types: TypeQueries, expression: ts.Expression) => T): T[] {
  const declarations = expressions.map((expression, index) => `const asked_${index} = ${expression};`).join("\n");
  const { workspace, fixture } = createMemoryProject(
    `${HEAD}\nexport default dag({ dag_id: "d" }, () => {\n${declarations}\n});`,
  );
  const { sourceFile } = workspace.analyze(fixture.main);
  const types = workspace.typeQueries(fixture.main);
  const answers: T[] = [];
  const visit = (node: ts.Node): void => {
    const isAsked = ts.isVariableDeclaration(node) && node.name.getText().startsWith("asked_");
    if (isAsked && node.initializer !== undefined) answers.push(query(types, node.initializer));
    else ts.forEachChild(node, visit);
  };
  visit(sourceFile);
  expect(answers).toHaveLength(expressions.length);
  return answers;
}

const verdicts = (expressions: readonly string[]): Record<string, string> => {
  const answers = ask(expressions, (types, expression) => types.mappability(expression).verdict);
  return Object.fromEntries(expressions.map((expression, index) => [expression, answers[index] ?? ""]));
};

const all = (expressions: readonly string[], verdict: string): Record<string, string> =>
  Object.fromEntries(expressions.map((expression) => [expression, verdict]));

describe("mappability", () => {
  it("is given to lists, dicts, and results that are some", () => {
    const good = [
      ...[
        "[1]",
        "ro",
        "[1, 2] as const",
        "{ a: 1 }",
        "row",
        "elsewhere()",
        "generic<string>()",
        "new Array<number>(3)",
      ],
      ...["returning(() => [1])", "returning(async () => [1])", "returning((): Row => row)", "returning(() => row)"],
      ...["returning(() => ({ a: 1 }) as Record<string, number>)", "add.expand({ x: [1], y: [2] })"],
      ...["returning(() => [1]).map((n) => String(n))", "cond ? [1] : returning(() => [1])"],
      ...["new Op({ task_id: 'o', sql: '' }).output", "Op.partial({ task_id: 'p' }).expand({ sql: ['a'] }).output"],
    ];
    expect(verdicts(good)).toEqual(all(good, "ok"));
  });

  it("is refused to everything else", () => {
    const bad = [
      ...["5", "'abc'", "true", "null", "undefined", "1n", "() => [1]", "/a/", "new Date()", "Symbol()", "Op"],
      ...["new Set([1])", "new Map([[1, 2]])", "new Uint8Array(2)", "[1].values()", "it", "Promise.resolve([1])"],
      ...["add", "add.partial({ y: 1 })", "new Op({ task_id: 'o', sql: '' })", "(function* () { yield 1; })()"],
      ...["returning(() => 42)", "returning(() => 'a')", "returning(() => {})", "returning(() => new Set([1]))"],
      ...["returning(() => null)", "returning(() => new Date())", "returning(async () => true)"],
    ];
    expect(verdicts(bad)).toEqual(all(bad, "not-mappable"));
  });

  it("is unsure of unions of both kinds, and of what has no type", () => {
    const unsure = ["list1", "cond ? [1] : undefined", "returning((): string | number[] => 'a')"];
    expect(verdicts(unsure)).toEqual(all(unsure, "maybe-not-mappable"));
    const untyped = ["u", "a", "returning(() => JSON.parse('[]'))", "returning((): unknown => [])"];
    expect(verdicts(untyped)).toEqual(all(untyped, "untyped"));
  });

  it("names what is wrong, and whether an upstream task returns it", () => {
    const expressions = ["5", "list1", "returning(() => 42)", "returning((): string | number[] => 'a')", "u"];
    expect(ask(expressions, (types, expression) => types.mappability(expression))).toEqual([
      { verdict: "not-mappable", type: "number", upstream: false },
      { verdict: "maybe-not-mappable", type: "undefined", upstream: false },
      { verdict: "not-mappable", type: "number", upstream: true },
      { verdict: "maybe-not-mappable", type: "string", upstream: true },
      { verdict: "untyped", type: "unknown", upstream: false },
    ]);
  });
});

describe("other questions", () => {
  it("tell what a reference carries", () => {
    const expressions = ["returning(() => [1])", "add.expand({ x: [1], y: [2] })", "returning((): Row => row)", "5"];
    expect(ask(expressions, (types, expression) => types.resultType(expression))).toEqual([
      "number[]",
      "number[]",
      "Row",
      undefined,
    ]);
  });

  it("tell the length of tuples, where it is fixed", () => {
    const expressions = ["elsewhere()", "[1, 2] as const", "open()", "[1, 2]"];
    expect(ask(expressions, (types, expression) => types.tupleLength(expression))).toEqual([
      4,
      2,
      undefined,
      undefined,
    ]);
  });

  it("tell the inputs of a function", () => {
    const functions = [
      "(i: { a: 1; b?: 2 }) => i",
      "(i: Row) => i",
      "() => 1",
      "(i: any) => i",
      "(i: Record<string, 1>) => i",
    ];
    const names = ask(functions, (types, expression) => {
      const set = ts.isArrowFunction(expression) ? types.parameterNames(expression) : undefined;
      return set && [...set];
    });
    expect(names).toEqual([["a", "b"], ["id", "name"], [], undefined, undefined]);
  });
});
