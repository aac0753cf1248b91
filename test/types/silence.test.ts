import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CASES, CASE_FILES, caseAt, caseText } from "./cases.js";
import { ASKED_COMPILERS, Consumer } from "./consumer.js";

const COMPILER_OPTIONS = {
  target: "es2022",
  lib: ["es2023", "dom"],
  module: "nodenext",
  moduleResolution: "nodenext",
  strict: true,
  noEmit: true,
  skipDefaultLibCheck: true,
  types: [],
};

/** Complaints by case id; what belongs to no case is under `elsewhere`. */
type Counts = Record<string, number>;

describe("one mistake, one diagnostic", () => {
  let consumer: Consumer;

  beforeAll(async () => {
    consumer = await Consumer.create();
    await consumer.write("package.json", { type: "module" });
    await consumer.write("tsconfig.json", { compilerOptions: COMPILER_OPTIONS, files: CASE_FILES });
    for (const file of CASE_FILES) await consumer.write(file, caseText(file));
  });

  afterAll(() => consumer.remove());

  it("has every case once", () => {
    expect(new Set(CASES.map(({ id }) => id)).size).toBe(CASES.length);
    expect(CASES.length).toBeGreaterThan(120);
  });

  it.each(ASKED_COMPILERS)("TypeScript %s reports its own cases and no others", async (compiler) => {
    const counts: Counts = {};
    for (const { file, line, text } of await consumer.check(compiler, "tsconfig.json")) {
      const id = caseAt(file, line)?.id ?? `elsewhere: ${file}:${line} ${text}`;
      counts[id] = (counts[id] ?? 0) + 1;
    }
    const expected = CASES.filter(({ owner }) => owner === "typescript").map(({ id }) => [id, 1]);
    expect(counts).toEqual(Object.fromEntries(expected));
  });
});
