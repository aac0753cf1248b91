/** A place in a fixture that should be reported, and the code it should be reported with. Counted from 1, end exclusive. */
export interface Marker {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endColumn: number;
  readonly code: string;
}

const EXPECTATION = /^\s*\/\/\s*(\^+)\s+([\w-]+)\s*$/;
const CURSOR = "/*$0*/";

/** Where the cursor is, in a text from which its comment was taken out. */
export interface Cursor {
  readonly file: string;
  readonly offset: number;
}

export interface MarkedText {
  /** Without the cursor's comment; expectation lines stay, they are comments. */
  readonly text: string;
  readonly markers: readonly Marker[];
  readonly cursor: Cursor | undefined;
}

/**
 * Reads the markers of one file: `/*$0*\/` is the cursor, and a line such as `//    ^^^^ not-mappable` expects that
 * code under those columns of the line above (or of the line above other expectations).
 */
export function readMarkers(file: string, marked: string): MarkedText {
  const offset = marked.indexOf(CURSOR);
  const text = offset < 0 ? marked : marked.slice(0, offset) + marked.slice(offset + CURSOR.length);
  const markers: Marker[] = [];
  let target = 0;
  for (const [index, line] of marked.split("\n").entries()) {
    const expectation = EXPECTATION.exec(line);
    if (expectation === null) target = index;
    else markers.push(markerOf(file, target, line, expectation, cursorColumn(marked, target)));
  }
  return { text, markers, cursor: offset < 0 ? undefined : { file, offset } };
}

function markerOf(
  file: string,
  target: number,
  line: string,
  expectation: RegExpExecArray,
  cursor: number | undefined,
): Marker {
  const [, carets = "", code = ""] = expectation;
  const start = line.indexOf(carets);
  // Carets stand under the text as it is written, with the cursor's comment in it.
  const shift = (column: number): number =>
    cursor === undefined || column <= cursor ? column : Math.max(cursor, column - CURSOR.length);
  return { file, line: target + 1, column: shift(start) + 1, endColumn: shift(start + carets.length) + 1, code };
}

function cursorColumn(marked: string, line: number): number | undefined {
  const column = marked.split("\n")[line]?.indexOf(CURSOR) ?? -1;
  return column < 0 ? undefined : column;
}

/** One line each, sorted, so that a failing comparison reads well: `/etl.ts 3:5-9 not-mappable`. */
export function describeMarkers(markers: readonly Marker[]): string[] {
  return [...markers]
    .sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column)
    .map(({ file, line, column, endColumn, code }) => `${file} ${line}:${column}-${endColumn} ${code}`);
}
