import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed, inDag } from "./checkFixture.js";

const mapped = inDag(`
    const sums = both.partial({ y: 1 }).expand({ x: [1, 2] });
    add.partial({ y: 10 }).expand({ x: sums });
    //                                 ^^^^ map-over-mapped-group
`);

describe("map-over-mapped-group", () => {
  it("reports a task that is mapped over what a mapped group returns", () => {
    const { finding } = checkOne(mapped);
    expect(finding).toMatchObject({ messageId: "grouped", severity: "error", phase: 1 });
    expect(finding.related.map(({ messageId, span }) => [messageId, span.line - finding.span.line])).toEqual([
      ["mappedHere", -1],
    ]);
  });

  it("reports it through map, zip and concat, in expand_kwargs and of groups", () => {
    checkFixture(
      inDag(`
    const sums = both.partial({ y: 1 }).expand({ x: [1, 2] });
    add.partial({ y: 10 }).expand({ x: sums.map((sum) => sum + 1) });
    //                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^ map-over-mapped-group
    add.partial({ y: 10 }).expand({ x: nums().concat(sums) });
    //                                 ^^^^^^^^^^^^^^^^^^^ map-over-mapped-group
    add.expand_kwargs(nums().zip(sums).map(([x, y]) => ({ x, y })));
    //                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ map-over-mapped-group
    both.partial({ y: 10 }).expand({ x: sums });
    //                                  ^^^^ map-over-mapped-group
`),
    );
  });

  it("reports a task of the group that got out of it another way, once", () => {
    checkFixture(
      inDag(`
    let inside: XComArg<number> | undefined;
    const group = task_group({ group_id: "group" }, ({ x }: { x: XComArg<number> }) => {
      inside = add({ x, y: 1 });
    });
    group.expand({ x: [1, 2] });
    add.partial({ y: 1 }).expand({ x: inside! });
    //                                ^^^^^^^ map-over-mapped-group
`),
    );
  });

  it("lets the results be reduced, collected, or stand in a list", () => {
    checkFixture(
      inDag(`
    const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
    const collect = task({ task_id: "collect" }, ({ values }: { values: readonly number[] }) => [...values]);
    const size = task({ task_id: "size" }, ({ values }: { values: readonly number[] }) => values.length);
    const sums = both.partial({ y: 1 }).expand({ x: [1, 2] });
    total({ values: sums });
    add.partial({ y: 1 }).expand({ x: collect({ values: sums }) });
    size.expand({ values: [sums] });
`),
    );
  });

  it("lets tasks of a group that is not mapped be mapped over", () => {
    checkFixture(
      inDag(`
    const group = task_group({ group_id: "group" }, () => nums());
    add.partial({ y: 10 }).expand({ x: group() });
    add.partial({ y: 10 }).expand({ x: add.partial({ y: 1 }).expand({ x: [1] }) });
`),
    );
  });

  it("is silent where a condition decides whether there is such a group", () => {
    checkFixture(
      inDag(`
    const sums = process.env["MANY"] === "yes" ? both.partial({ y: 1 }).expand({ x: [1, 2] }) : nums();
    add.partial({ y: 10 }).expand({ x: sums });
`),
    );
  });

  it("is silenced by a comment", () => {
    checkFixture(
      inDag(`
    const sums = both.partial({ y: 1 }).expand({ x: [1, 2] });
    // fanout-disable-next-line map-over-mapped-group -- shown in a talk
    add.partial({ y: 10 }).expand({ x: sums });
`),
    );
  });

  it("puts a task in between that collects the results", () => {
    const text = fixed(mapped);
    expect(text).toContain(
      `const collect = task({ task_id: "collect" }, ({ values }: { values: readonly number[] }) => [...values]);\n\nexport default`,
    );
    expect(text).toContain("expand({ x: collect({ values: sums }) })");
    const shorthand = mapped
      .replaceAll("sums", "x")
      .replace("{ x: x }", "{ x }")
      .replace(/ {33}\^\^\^\^/, `${" ".repeat(30)}^`);
    expect(fixed(shorthand.replace("\n", "\nconst collect = 1;\n"))).toContain("{ x: collect_2({ values: x }) }");
  });

  it("offers nothing where the type is not written, or other results are mixed in", () => {
    for (const [call, place] of [
      ["BashOperator.partial({ task_id: 'p' }).expand({ bash_command: sums.map(String) })", "sums.map(String)"],
      ["add.partial({ y: 10 }).expand({ x: nums().concat(sums) })", "nums().concat(sums)"],
    ] as const) {
      const { finding } = checkOne(
        inDag(`
    const sums = both.partial({ y: 1 }).expand({ x: [1, 2] });
    ${call};
    //${" ".repeat(call.indexOf(place) - 2)}${"^".repeat(place.length)} map-over-mapped-group
`),
      );
      expect(finding.fixes).toEqual([]);
    }
  });
});
