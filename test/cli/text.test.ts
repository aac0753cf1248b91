import fc from "fast-check";
import picocolors from "picocolors";
import { describe, expect, test } from "vitest";
import { codeFrame, sourceLines } from "../../runtime/src/cli/views/codeFrame.js";
import { tableLines } from "../../runtime/src/cli/views/table.js";
import { fit, logLine, oneLine, widthOf } from "../../runtime/src/cli/views/text.js";
import { valueText } from "../../runtime/src/cli/views/valueText.js";

const colors = picocolors.createColors(false);

describe("cutting text", () => {
  test("never leaves it wider than asked, in any script", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 0, max: 30 }), (text, width) => {
        expect(widthOf(fit(oneLine(text), width))).toBeLessThanOrEqual(width);
      }),
    );
  });

  test("cells hold no control characters, log lines none but colours", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
        expect(logLine(text).replace(/\u001b\[[\d;]*m/g, "")).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
      }),
    );
    expect(logLine("\u001b[31mred\u001b[0m\u001b[2J\u001b]0;title\u0007 text")).toBe("\u001b[31mred\u001b[0m text");
  });
});

describe("values in a line", () => {
  test.each([
    [null, "null"],
    [[1, 2, 3], "[1, 2, 3]"],
    [{ model: "knn", grid: { k: [3, 5] } }, '{ model: "knn", grid: { k: [3, 5] } }'],
    [{}, "{}"],
    [[], "[]"],
    [{ "a b": 1 }, '{ "a b": 1 }'],
    [0.1 + 0.2, "0.3"],
    ["line\nbreak", String.raw`"line\nbreak"`],
    ['two  blanks\tand "quotes"', String.raw`"two  blanks\tand \"quotes\""`],
    ["\u001b[31m\u0085", String.raw`"\u001b[31m\u0085"`],
  ])("%j", (value, text) => {
    expect(valueText(value, 60)).toBe(text);
  });

  test("large ones stay short and say what is missing", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = valueText(value, 60);
        expect(text).not.toMatch(/[\u0000-\u001f]/);
        expect(text.length).toBeLessThan(400);
      }),
    );
    expect(valueText(Array(1000).fill(7), 20)).toContain("more");
    expect(valueText("x".repeat(10_000_000), 20).length).toBeLessThan(40);
    // No escape is cut in two.
    expect(valueText("\n".repeat(100), 20)).toBe(`"${String.raw`\n`.repeat(8)}…"`);
  });
});

describe("tables", () => {
  const columns = [{ title: "#", align: "right" }, { title: "empty" }, { title: "text", shrink: 1 }] as const;

  test("fit the width by cutting the columns that may be cut, and leave empty ones out", () => {
    const rows = [
      ["0", "", "short"],
      ["10", "", "a text that is much too long for the table"],
    ];
    expect(tableLines(columns, rows, 20, String)).toEqual([" #  text", " 0  short", "10  a text that is …"]);
  });
});

describe("code frames", () => {
  test("mark the given range, and the word where only its start is known", () => {
    const source = sourceLines("one\n\ttask.expand({ x })\nthree\n");
    expect(codeFrame(source, { file: "f", line: 2, column: 7, endLine: 2, endColumn: 13 }, colors)).toEqual([
      "1 │ one",
      "2 │   task.expand({ x })",
      "  │        ~~~~~~",
      "3 │ three",
    ]);
    expect(codeFrame(source, { file: "f", line: 3, column: 1 }, colors)[2]).toBe("  │ ~~~~~");
  });

  test.each([1, 60, 150, 159, 191, 900, 1990])("show the place in a long line: column %i", (column) => {
    const long = `${"-".repeat(column - 1)}here${"-".repeat(2000 - column)}`;
    const [line = "", mark = ""] = codeFrame([long], { file: "f", line: 1, column }, colors);
    expect(line.slice(mark.indexOf("~"), mark.lastIndexOf("~") + 1)).toBe("here");
    expect(line.length).toBeLessThan(170);
  });

  test("are left out where the file has no such line", () => {
    expect(codeFrame(["one"], { file: "f", line: 9, column: 1 }, colors)).toEqual([]);
  });
});
