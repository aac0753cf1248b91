import { expect, it } from "vitest";
import { durationText } from "#core/durationText.js";

it.each([
  [-5, "0 ms"],
  [0, "0 ms"],
  [0.04, "<1 ms"],
  [0.5, "1 ms"],
  [12.4, "12 ms"],
  [999, "999 ms"],
  [999.6, "1.00 s"],
  [1234, "1.23 s"],
  [59_949, "59.9 s"],
  [60_000, "1 m 00 s"],
  [185_000, "3 m 05 s"],
  [3_725_000, "1 h 02 m"],
  [7_800_000, "2 h 10 m"],
])("%d ms are %s", (ms, text) => {
  expect(durationText(ms)).toBe(text);
});
