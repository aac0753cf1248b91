/** A point in a source file; `line` and `column` count from 1, columns in UTF-16 units. */
export interface SourcePoint {
  /** Absolute path, with the separators of the machine that produced it. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
}

/** A range in a source file; the end is exclusive. Executing knows only where things start, so it leaves the end out. */
export interface SourceSpan extends SourcePoint {
  readonly endLine?: number;
  readonly endColumn?: number;
}
