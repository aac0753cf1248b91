import { stripVTControlCharacters } from "node:util";
import { requireBundle } from "../../requireBundle.js";
import { bundleFile } from "../../pool/runtimeFiles.js";
import type { WideText } from "./wideText.js";

// Everything but tab, line feed and the colour sequences that `keepColours` lets through.
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
const COLOUR = /(\u001b\[[\d;]*m)/;

const COLOURS = /\u001b\[[\d;]*m/g;
/** What our own output is made of, one column each: measuring anything else takes a table of all emoji. */
const NARROW = /^[\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2500-\u25fc\u2713-\u2718]*$/;

/** One line of plain text: user values and log lines may hold anything, and none of it may move the cursor. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replace(/\s+/g, " ").replace(CONTROL, "").trim();
}

/** A log line for a terminal: colours stay, every other control sequence goes. */
export function logLine(text: string): string {
  return text
    .split(COLOUR)
    .map((part, index) => (index % 2 === 1 ? part : stripVTControlCharacters(part).replace(CONTROL, "")))
    .join("");
}

/** Columns that a text takes on a terminal; colours take none. */
export function widthOf(text: string): number {
  const plain = text.replaceAll(COLOURS, "");
  return NARROW.test(plain) ? plain.length : wide().widthOf(text);
}

function wide(): WideText {
  return requireBundle<WideText>(bundleFile("width.cjs"));
}

/** The text cut to a width, with `…` where something is missing. Give it plain text: a cut colour would leak. */
export function fit(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width <= 0) return "";
  let kept = "";
  let used = 1;
  for (const character of NARROW.test(text) ? text : wide().charactersOf(text)) {
    used += widthOf(character);
    if (used > width) break;
    kept += character;
  }
  return `${kept}…`;
}

export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
