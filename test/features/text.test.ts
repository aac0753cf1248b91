import { describe, expect, it } from "vitest";
import { codeActions } from "../../server/src/features/codeActions.js";
import { carryOver } from "../../server/src/features/carryOver.js";
import { code } from "../../server/src/features/markdown.js";
import type { Finding } from "../../server/src/rules/runRules.js";
import { readSuppressions } from "../../server/src/rules/support/suppressions.js";
import { applyFix } from "../rules/checkFixture.js";

function findingAt(line: number, rule = "not-mappable"): Finding {
  const span = { file: "/a.ts", line, column: 3, endLine: line, endColumn: 5 };
  return { rule, messageId: "m", severity: "error", phase: 2, message: "", span, related: [], fixes: [] };
}

describe("carrying findings over an edit", () => {
  const before = "a\nb\nc\nd\n";
  const linesAfter = (lines: readonly number[], after: string): number[] =>
    carryOver(
      lines.map((line) => findingAt(line)),
      before,
      after,
    ).map(({ span }) => span.line);

  it.each([
    ["nothing changed", [1, 2, 3, 4], before, [1, 2, 3, 4]],
    ["a line changed", [1, 2, 3, 4], "a\nB\nc\nd\n", [1, 3, 4]],
    ["lines were added", [1, 2, 3, 4], "a\nx\ny\nb\nc\nd\n", [1, 4, 5, 6]],
    ["a line was removed", [1, 2, 3, 4], "a\nc\nd\n", [1, 2, 3]],
    ["a line was doubled", [1, 2, 3, 4], "a\na\nb\nc\nd\n", [1, 3, 4, 5]],
    ["everything was removed", [1, 2, 3, 4], "", []],
  ])("%s", (_name, lines, after, expected) => {
    expect(linesAfter(lines, after)).toEqual(expected);
  });
});

describe("switching rules off by comments", () => {
  it.each([
    ["the next line", "// fanout-disable-next-line cycle -- why\nx", "cycle", 2, true],
    ["not another rule", "// fanout-disable-next-line cycle\nx", "not-mappable", 2, false],
    ["not a line further", "// fanout-disable-next-line cycle\nx\ny", "cycle", 3, false],
    ["several rules", "/* fanout-disable-next-line cycle, not-mappable */\nx", "not-mappable", 2, true],
    ["every rule", "  // fanout-disable-next-line -- generated\nx", "cycle", 2, true],
    ["over other comments", "// fanout-disable-next-line cycle\n// more\nx", "cycle", 3, true],
    ["the whole file", "x\n// fanout-disable cycle", "cycle", 1, true],
    ["with Windows line breaks", "// fanout-disable-next-line cycle\r\nx\r\n", "cycle", 2, true],
    ["not in the words of a text", 'const a = "// fanout-disable cycle";', "cycle", 1, false],
    ["not by a longer word", "// fanout-disabled cycle", "cycle", 1, false],
  ])("%s", (_name, text, rule, line, expected) => {
    expect(readSuppressions(text).covers(rule, line)).toBe(expected);
  });

  const written = (text: string, line: number, where: "line" | "file" = "line"): string => {
    const actions = codeActions(text, [findingAt(line)], { first: line, last: line });
    return applyFix(text, { edits: actions[where === "line" ? 0 : 1]?.edits ?? [] });
  };

  it("writes a comment above the line, indented like it", () => {
    const text = written("a\n  b\n", 2);
    expect(text).toBe("a\n  // fanout-disable-next-line not-mappable -- reason\n  b\n");
    expect(readSuppressions(text).covers("not-mappable", 3)).toBe(true);
    expect(written("\tb\r\n", 1)).toBe("\t// fanout-disable-next-line not-mappable -- reason\r\n\tb\r\n");
  });

  it("adds its name to the comment that is there", () => {
    const text = written("a\n// fanout-disable-next-line cycle -- why\nb\n", 3);
    expect(text).toBe("a\n// fanout-disable-next-line cycle, not-mappable -- why\nb\n");
    expect(readSuppressions(text).covers("not-mappable", 3)).toBe(true);
  });

  it("writes a comment for the whole file", () => {
    expect(written("a\nb\n", 2, "file")).toBe("// fanout-disable not-mappable -- reason\na\nb\n");
    const text = written("#!/usr/bin/env node\r\nb\r\n", 2, "file");
    expect(text).toBe("#!/usr/bin/env node\r\n// fanout-disable not-mappable -- reason\r\nb\r\n");
    expect(readSuppressions(text).covers("not-mappable", 3)).toBe(true);
  });

  it("offers nothing for findings on other lines", () => {
    expect(codeActions("a\nb\n", [findingAt(2)], { first: 1, last: 1 })).toEqual([]);
  });
});

describe("text that is not ours, as Markdown code", () => {
  it.each([
    ["plain", "add", "`add`"],
    ["with a backtick", "a`b", "``a`b``"],
    ["that begins with one", "`a", "`` `a ``"],
    ["of several lines", "a\n\n# b", "`a # b`"],
    ["that would be markup", "<img src=x onerror=y>", "`<img src=x onerror=y>`"],
  ])("%s", (_name, text, expected) => {
    expect(code(text)).toBe(expected);
  });
});
