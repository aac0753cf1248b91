import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FAILED_RUN_CODES, RUN_ERROR_CODES } from "#core/errorCodes.js";
import { ERROR_TEXTS } from "#core/errorTexts.js";

describe("the codes of errors", () => {
  it("are told apart by those that fail a run and those that stop it from starting, each once", () => {
    expect(new Set(RUN_ERROR_CODES).size).toBe(RUN_ERROR_CODES.length);
    for (const code of FAILED_RUN_CODES) expect(RUN_ERROR_CODES).toContain(code);
    for (const code of RUN_ERROR_CODES) expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  });

  it("each have a text that says when, and what to do, as sentences", () => {
    for (const code of RUN_ERROR_CODES) {
      const { when, fix } = ERROR_TEXTS[code];
      expect([code, when]).toEqual([code, expect.stringMatching(/^[A-Z`].*[.`]$/s)]);
      expect([code, fix]).toEqual([code, expect.stringMatching(/^[A-Z`].*[.`]$/s)]);
    }
  });

  it("each are expected by a test", () => {
    const folder = fileURLToPath(new URL(".", import.meta.url));
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) =>
      /\.test\.ts$|support.*\.ts$/.test(file),
    );
    const texts = files.filter((file) => file !== "errors.test.ts").map((file) => readFileSync(folder + file, "utf8"));
    const untested = RUN_ERROR_CODES.filter((code) => !texts.some((text) => text.includes(`"${code}"`)));
    expect(untested).toEqual(WITHOUT_TEST);
  });
});

/** Kept for commands that change an earlier run. */
const WITHOUT_TEST: readonly string[] = [];
