import type { GroupNode } from "#core/model/dag.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { escapeLabel, toMermaid } from "#core/model/mermaid.js";
import { adder, group, mapped, model, task } from "../webview/support/models.js";

describe("the text that people read", () => {
  test("marks mapped tasks", () => {
    expect(toMermaid(adder()).text).toBe(`flowchart LR
  n0("numbers")
  n1[["add [ ]"]]
  n2("total")
  n0 --> n1
  n1 --> n2
`);
  });

  test("takes counts from a run, and from what is known before one", () => {
    expect(toMermaid(adder(), { counts: new Map([["add", 3]]) }).text).toContain(`n1[["add [3]"]]`);
    const known = model([
      mapped("add", [
        { type: "literal", length: 3 },
        { type: "literal", length: 4 },
      ]),
    ]);
    expect(toMermaid(known).text).toContain(`n0[["add [12]"]]`);
  });

  test("draws groups in groups, leaves out empty ones, and names tasks without their groups", () => {
    const tasks = [task("outer.a", { group_id: "outer" }), task("outer.inner.b", { group_id: "outer.inner" })];
    const groups = [group("outer"), group("outer.inner", "outer"), group("empty")];
    expect(toMermaid(model(tasks, ["outer.a > outer.inner.b"], { groups }), { direction: "TB" }).text)
      .toBe(`flowchart TB
  subgraph g0["outer"]
    subgraph g1["inner"]
      n1("b")
    end
    n0("a")
  end
  n0 --> n1
`);
  });

  test("marks mapped groups and the tasks in them, setups and teardowns", () => {
    const over: GroupNode = {
      ...group("g"),
      mapping: { kind: "expand", inputs: [{ name: "x", source: { type: "literal", length: 3 } }] },
    };
    const open: GroupNode = {
      ...group("h"),
      mapping: { kind: "expand", inputs: [{ name: "x", source: { type: "xcom", upstream: ["a"] } }] },
    };
    const tasks = [
      task("a", { role: "setup" }),
      task("g.b", { group_id: "g" }),
      task("h.c", { group_id: "h", role: "teardown" }),
    ];
    const { text } = toMermaid(model(tasks, [], { groups: [over, open] }));
    expect(text.split("\n")).toEqual([
      "flowchart LR",
      '  subgraph g0["g [3]"]',
      '    n1[["b [3]"]]',
      "  end",
      '  subgraph g1["h [ ]"]',
      '    n2[["c [ ] ↘"]]',
      "  end",
      '  n0("a ↗")',
      "",
    ]);
    expect(toMermaid(model([task("a", { role: "setup" })]), { labels: "reserved" }).text).toContain("a ↗");
  });

  test("draws one node for tasks with the same id", () => {
    const twice = model([task("a"), task("b"), task("a")], ["a > b"]);
    expect(toMermaid(twice).text).toBe('flowchart LR\n  n0("a")\n  n1("b")\n  n0 --> n1\n');
    expect(toMermaid(twice).taskIds).toEqual(["a", "b"]);
  });

  test("draws what is not certain with a dashed line", () => {
    expect(toMermaid(model([task("a", { certainty: "maybe" })])).text).toContain(`n0("a"):::maybe`);
  });

  test("draws an edge once, and none to an unknown task", () => {
    const { text } = toMermaid(model([task("a"), task("b")], ["a > b", "a > b", "a > ghost"]));
    expect(text.match(/-->/g)).toHaveLength(1);
  });
});

describe("the text for the live page", () => {
  test("reserves the width of a count, whatever is known of it", () => {
    const width = (length: number): string =>
      toMermaid(model([mapped("add", [{ type: "literal", length }])]), { labels: "reserved" }).text;
    expect(width(3)).toContain(`n0("00 add [00000]")`);
    expect(width(99_999)).toBe(width(0));
    expect(width(100_000)).toContain(`[000000]`);
  });

  test("cuts very long names off", () => {
    const { text } = toMermaid(model([task("x".repeat(300))]), { labels: "reserved" });
    expect(text.length).toBeLessThan(100);
  });

  test("gives back which node is which task", () => {
    const { taskIds, groupIds } = toMermaid(model([task("g.a", { group_id: "g" })], [], { groups: [group("g")] }));
    expect([taskIds, groupIds]).toEqual([["g.a"], ["g"]]);
  });
});

describe("escaping", () => {
  test.each([
    ["add_one 2", `"add_one 2"`],
    ["extract.load-raw", `"extract.load-raw"`],
    ['say "hi"', `"say #34;hi#34;"`],
    ["1. a list", `"1#46; a list"`],
    ["- a list", `"#45; a list"`],
    ["#35;", `"#35;35#59;"`],
    ["", `"#8203;"`],
    ["  ", `"#8203;"`],
    ["größe数", `"größe数"`],
    ["🚀", `"#128640;"`],
  ])("%j", (text, escaped) => {
    expect(escapeLabel(text)).toBe(escaped);
  });

  test("whatever the text, nothing that mermaid could parse is left, and the text can be got back", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        const escaped = escapeLabel(text).slice(1, -1);
        expect(escaped).toMatch(/^([\p{L}\p{N} _.-]|#\d+;)*$/u);
        const back = escaped.replace(/#(\d+);/g, (_entity, code: string) => String.fromCodePoint(Number(code)));
        if (text.trim() !== "") expect(back).toBe(text);
      }),
    );
  });

  test("a whole model of hostile names has only lines of the known forms", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary", minLength: 1 }), { minLength: 1 }), (names) => {
        const tasks = names.map((name, index) => task(`g.${index}${name}`, { group_id: "g" }));
        const { text } = toMermaid(model(tasks, [], { groups: [group("g")] }));
        for (const line of text.trimEnd().split("\n")) {
          expect(line).toMatch(/^(flowchart LR| {2}(subgraph g0\["g"\]|end)| {4}n\d+\("[^"<>`\n\r]*"\))$/u);
        }
      }),
    );
  });
});
