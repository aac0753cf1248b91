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
});
