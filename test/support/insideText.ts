import { expect } from "vitest";

/** As editors end lines. */
const lineEnds = /\r\n|[\r\n]/;

/** Expects every place of ours in an answer (`file`, `line`, `column`, counted from 1) to be inside of the file's text. */
export function expectSpansInside(answer: unknown, file: string, text: string): void {
  const lines = text.split(lineEnds);
  for (const place of objectsIn(answer)) {
    if (place["file"] !== file || typeof place["line"] !== "number") continue;
    expectInside(lines, place["line"] - 1, Number(place["column"]) - 1);
    if (place["endLine"] !== undefined)
      expectInside(lines, Number(place["endLine"]) - 1, Number(place["endColumn"]) - 1);
  }
}

/** Expects every position of the protocol in an answer (`line`, `character`, counted from 0) to be inside of the text. */
export function expectPositionsInside(answer: unknown, text: string): void {
  const lines = text.split(lineEnds);
  for (const { line, character } of objectsIn(answer)) {
    if (typeof line === "number" && typeof character === "number") expectInside(lines, line, character);
  }
}

function expectInside(lines: readonly string[], line: number, character: number): void {
  expect(line).toBeGreaterThanOrEqual(0);
  expect(character).toBeGreaterThanOrEqual(0);
  expect(character).toBeLessThanOrEqual(lines[line]?.length ?? -1);
}

function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  yield value as Record<string, unknown>;
  for (const each of Object.values(value)) yield* objectsIn(each);
}
