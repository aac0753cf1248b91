import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "../cli/support/cliProcess.js";

const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const dagFiles = readdirSync(path.join(root, "examples"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".dag.ts"))
  .map((file) => `examples/${file.replaceAll("\\", "/")}`);
const documents = ["README.md", "docs/guide.md", "docs/examples.md", "examples/README.md"];

/** As far as people read code: line breaks and the commas that come with them do not matter. */
const condensed = (code: string): string => code.replace(/\s+/g, "").replace(/,([)\]}])/g, "$1");

describe("docs/guide.md", () => {
  const blocks = [...read("docs/guide.md").matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code = ""]) => code);
  const sources = dagFiles.map((file) => condensed(read(file)));

  test("shows code", () => {
    expect(blocks.length).toBeGreaterThan(10);
  });

  test.each(blocks)("shows only code of the examples, which run: %s", (block) => {
    expect(sources.filter((source) => source.includes(condensed(block)))).toHaveLength(1);
  });
});

test.each(dagFiles)("%s is listed in docs/examples.md", (file) => {
  expect(read("docs/examples.md")).toContain(`(../${file})`);
});

test.each(documents)("what %s links to exists", (document) => {
  const targets = [...read(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
  const own = targets.filter((target) => !/^[a-z]+:|^#/.test(target)).map((target) => target.replace(/#.*$/, ""));
  const missing = own.filter((target) => !existsSync(path.resolve(root, path.dirname(document), target)));
  expect(missing).toEqual([]);
});
