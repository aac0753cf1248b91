import { once } from "node:events";
import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { isYes } from "../../runtime/src/cli/ask.js";

/** What is typed, as a terminal in raw mode sends it. */
async function answerTo(typed: string): Promise<boolean> {
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { isTTY: true });
  const answer = isYes("Sure? ", input, output);
  await once(output, "data");
  input.write(typed);
  return answer;
}

describe("a question", () => {
  test.each([
    ["y\r", true],
    [" Yes \r", true],
    ["no\r", false],
    ["\r", false],
    // Ctrl-C, also behind a yes, and Ctrl-D.
    ["\u0003", false],
    ["yes\u0003", false],
    ["\u0004", false],
  ])("is answered by %j with %s", async (typed, answer) => {
    expect(await answerTo(typed)).toBe(answer);
  });

  test("is a no where the input ends", async () => {
    const input = new PassThrough();
    const answer = isYes("Sure? ", input, new PassThrough());
    input.end();
    expect(await answer).toBe(false);
  });
});
