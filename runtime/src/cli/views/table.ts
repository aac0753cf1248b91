import { fit, padEnd, padStart, widthOf } from "./text.js";

export interface Column {
  readonly title: string;
  readonly align?: "left" | "right";
  /** How readily the column gives up room when the table is too wide; 0 or nothing: it keeps its width. */
  readonly shrink?: number;
  /** Colours the finished cell; `row` counts from 0. */
  readonly paint?: (cell: string, row: number) => string;
}

const GAP = "  ";
const LEAST = 8;

/** Plain cells as an aligned table no wider than `width`; columns that are empty everywhere are left out. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
  paintTitle: (text: string) => string,
): string[] {
  const used = columns.map((_, index) => index).filter((index) => rows.some((row) => (row[index] ?? "") !== ""));
  const shown = used.flatMap((index) => columns[index] ?? []);
  const cells = rows.map((row) => used.map((index) => row[index] ?? ""));
  const widths = columnWidths(shown, cells, width);
  const line = (row: readonly string[], paint: (cell: string, column: number) => string): string =>
    row
      .map((cell, column) => paint(aligned(cell, shown[column], widths[column] ?? 0), column))
      .join(GAP)
      .trimEnd();
  const titles = shown.map((column) => column.title);
  return [
    line(titles, (cell) => paintTitle(cell)),
    ...cells.map((row, index) => line(row, (cell, column) => shown[column]?.paint?.(cell, index) ?? cell)),
  ];
}

function aligned(cell: string, column: Column | undefined, width: number): string {
  const text = fit(cell, width);
  return column?.align === "right" ? padStart(text, width) : padEnd(text, width);
}

/** Every column as wide as its content, then the willing ones cut until the table fits. */
function columnWidths(columns: readonly Column[], rows: readonly (readonly string[])[], room: number): number[] {
  const widths = columns.map((column, index) =>
    rows.reduce((most, row) => Math.max(most, widthOf(row[index] ?? "")), widthOf(column.title)),
  );
  const gaps = GAP.length * Math.max(0, columns.length - 1);
  let excess = widths.reduce((sum, each) => sum + each, gaps) - room;
  while (excess > 0) {
    const widest = widestWilling(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestWilling(columns: readonly Column[], widths: readonly number[]): number | undefined {
  let best: number | undefined;
  let most = 0;
  columns.forEach((column, index) => {
    const pull = (widths[index] ?? 0) * (column.shrink ?? 0);
    if ((widths[index] ?? 0) > LEAST && pull > most) [best, most] = [index, pull];
  });
  return best;
}
