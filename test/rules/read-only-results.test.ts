import { describe, expect, it } from "vitest";
import { checkFixture, fixed } from "./checkFixture.js";

/** A reducer of the results of a mapped task; `given` is what it is called with. */
const reducer = (body: string, given = "square.expand({ x: [3, 1, 2] })", parameter = "{ values }"): string => `
  import { dag, task } from "fanout";
  const square = task({ task_id: "square" }, ({ x }: { x: number }) => x * x);
  const nums = task({ task_id: "nums" }, () => [1, 2]);
  const reduce = task({ task_id: "reduce" }, (${parameter}: { values: number[] }) => {
    ${body}
  });
  export default dag({ dag_id: "d" }, () => { reduce({ values: ${given} }); void nums; });
`;

describe("read-only-results", () => {
  it("reports every way to write into the list", () => {
    const { findings } = checkFixture(
      reducer(`
    if (values.length > 9) values.push(1);
    //                     ^^^^^^ read-only-results
    const sorted = values.sort();
    //             ^^^^^^ read-only-results
    if (sorted.length > 1) values.length = 1;
    //                     ^^^^^^ read-only-results
    for (const i of [0, 1]) values[i] = 1;
    //                      ^^^^^^ read-only-results
    for (const i of [0, 1]) values[i]!++;
    //                      ^^^^^^ read-only-results
    [1].forEach((n) => void values.unshift(n));
    //                      ^^^^^^ read-only-results
    return sorted;
`),
    );
    expect(findings[0]).toMatchObject({ messageId: "written", severity: "error", phase: 2 });
    expect(findings[0]?.related).toMatchObject([{ messageId: "given" }]);
  });

  it("follows an input that is renamed, and one that is not taken apart", () => {
    checkFixture(
      reducer(
        `
    return list.reverse();
    //     ^^^^ read-only-results
`,
        undefined,
        "{ values: list }",
      ),
    );
    checkFixture(
      reducer(
        `
    return inputs.values.reverse();
    //     ^^^^^^^^^^^^^ read-only-results
`,
        undefined,
        "inputs",
      ),
    );
  });

  it("lets reading and copies pass", () => {
    checkFixture(
      reducer(`
    const copy = [...values].sort();
    copy.push(values[0] ?? 1, values.length);
    return values.map((value) => value + 1).reverse().concat(values.slice(1).sort(), copy);
`),
    );
    checkFixture(
      reducer(`
    values = [...values];
    return values.sort();
`),
    );
    checkFixture(
      reducer(`
    const sorted = (values: number[]) => values.sort();
    return sorted([...values]);
`),
    );
  });

  it("is silent about other lists, and where it is not known what is given", () => {
    const write = "return values.sort();";
    checkFixture(reducer(write, "[1, 2]"));
    checkFixture(reducer(write, "nums()"));
    checkFixture(reducer(write, '(JSON.parse("true") as boolean) ? nums() : square.expand({ x: [1] })'));
    checkFixture(reducer(write, "square.partial({ x: 1 }) as never").replace("reduce({ values:", "void ({ values:"), {
      "duplicate-task-id": "off",
      "never-expanded": "off",
    });
  });

  it("leaves a list that is declared read-only to TypeScript", () => {
    checkFixture(reducer("return values.sort();").replace("values: number[]", "values: readonly number[]"));
  });

  it("copies what is sorted", () => {
    const text = fixed(
      reducer(`
    return values.sort((a, b) => a - b);
    //     ^^^^^^ read-only-results
`),
    );
    expect(text).toContain("return [...values].sort((a, b) => a - b);");
  });

  it("is silenced by a comment", () => {
    checkFixture(
      reducer(`
    // fanout-disable-next-line read-only-results
    return values.sort();
`),
    );
  });
});
