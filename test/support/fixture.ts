import { type Cursor, type Marker, readMarkers } from "./markers.js";

/** The file of a fixture that names none. */
export const DEFAULT_FILE = "/main.dag.ts";

export interface Fixture {
  /** Text by absolute path, the first file first. */
  readonly files: ReadonlyMap<string, string>;
  /** The first file: the one that is usually looked at. */
  readonly main: string;
  readonly markers: readonly Marker[];
  readonly cursor: Cursor | undefined;
}

const FILE = /^\/\/- (\S+)\s*$/;

/**
 * Reads a template string: files start with `//- /flows/etl.ts` (a fixture without such a line is one file,
 * `/main.dag.ts`), `/*$0*\/` is the cursor, `//   ^^^^ code` expects a report under the line above. The indentation
 * that all lines share is taken away.
 */
export function readFixture(source: string): Fixture {
  const files = new Map<string, string>();
  const markers: Marker[] = [];
  let cursor: Cursor | undefined;
  for (const [file, marked] of splitFiles(unindent(source))) {
    const read = readMarkers(file, marked);
    files.set(file, read.text);
    markers.push(...read.markers);
    cursor ??= read.cursor;
  }
  const [main = DEFAULT_FILE] = files.keys();
  return { files, main, markers, cursor };
}

function splitFiles(source: string): Map<string, string> {
  const files = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of source.split("\n")) {
    const name = FILE.exec(line)?.[1];
    if (name !== undefined) {
      lines = [];
      files.set(name, lines);
    } else if (lines !== undefined) {
      lines.push(line);
    } else if (line.trim() !== "") {
      lines = [line];
      files.set(DEFAULT_FILE, lines);
    }
  }
  return new Map([...files].map(([name, content]) => [name, content.join("\n")]));
}

function unindent(source: string): string {
  const lines = source.replace(/^\n/, "").trimEnd().split("\n");
  const indents = lines.filter((line) => line.trim() !== "").map((line) => line.search(/\S/));
  const indent = Math.min(...indents, Infinity);
  return `${lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join("\n")}\n`;
}
