import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(`${root}docs/semantics.md`, "utf8");
const named = [...page.matchAll(/`(test\/[\w/.-]+\.test\.ts)`(?: "([^"]+)")?/g)].map(([, file = "", title]) => ({
  file,
  title,
}));

describe("docs/semantics.md", () => {
  it("names tests that exist, and what they are called", () => {
    expect(named.length).toBeGreaterThan(40);
    for (const { file, title } of named) {
      expect([file, existsSync(root + file)]).toEqual([file, true]);
      if (title !== undefined) expect(readFileSync(root + file, "utf8"), file).toContain(`describe("${title}"`);
    }
  });

  it("has a row for every paragraph of the semantics, but history and clearing", () => {
    const rows = page.split("\n").filter((line) => line.startsWith("| §"));
    for (const paragraph of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "13"]) {
      expect(rows.some((row) => row.startsWith(`| §2.${paragraph} `))).toBe(true);
    }
    for (const row of rows) expect(row).toMatch(/`test\//);
  });
});
