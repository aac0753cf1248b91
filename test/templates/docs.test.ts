import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { templateProblems } from "../../server/src/templates/templateProblems.js";
import { problemOf, render } from "./support.js";

const [, examples = ""] = readFileSync("docs/templates.md", "utf8").split("<!-- examples -->");

interface Row {
  readonly template: string;
  readonly cells: readonly string[];
}

/** The rows of all tables, by what the head of the second column says. */
function rowsOf(head: string): Row[] {
  let current = "";
  return examples.split("\n").flatMap((line) => {
    const cells = line.startsWith("|")
      ? line
          .split(/(?<!\\)\|/)
          .slice(1, -1)
          .map((cell) => cell.trim())
      : [];
    const [first = "", second = ""] = cells;
    if (first === "template") current = second;
    if (current !== head || !first.startsWith("`")) return [];
    return [
      { template: codeOf(first), cells: cells.slice(1).map((cell) => (cell.startsWith("`") ? codeOf(cell) : cell)) },
    ];
  });
}

function codeOf(cell: string): string {
  return cell.slice(1, cell.indexOf("`", 1)).replaceAll("\\|", "|");
}

describe("docs/templates.md", () => {
  it("has examples of both kinds", () => {
    expect(rowsOf("gives").length).toBeGreaterThan(70);
    expect(rowsOf("why").length).toBeGreaterThan(10);
  });

  it.each(rowsOf("gives").map(({ template, cells: [gives = ""] }) => [template, gives] as const))(
    "%s gives %s",
    (template, gives) => {
      expect(render(template)).toBe(gives);
      expect(templateProblems(template, { inputs: new Set(), dag_id: "d" })).toEqual([]);
    },
  );

  it.each(rowsOf("why").map(({ template }) => [template] as const))("%s fails", (template) => {
    expect(problemOf(template)).toMatchObject({ line: 1, file: null });
  });
});
