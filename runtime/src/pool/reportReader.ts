/** No JSON text holds this character. */
const SIGN = "\x1e";
const ANY_MARK = /^\x1e\d+:/;

/**
 * Stands before every report of the process with that number. The person's code may write into any descriptor of its
 * process: what such a line leaves behind, whole or not, is no report, even where it has the sign in it.
 */
export function markOf(pid: number | undefined): string {
  return `${SIGN}${String(pid)}:`;
}

/** Finds the reports in what arrives from a worker, however it is cut into pieces. */
export class ReportReader {
  /** Pieces of a report whose end has not come yet. They are joined once: one may be very long. */
  #pieces: string[] = [];

  readonly #mark: string | null;

  /** `pid` is that of the worker, null where nobody knows it any more. */
  constructor(
    readonly onReport: (report: string) => void,
    pid: number | null | undefined,
  ) {
    this.#mark = pid === null ? null : markOf(pid);
  }

  take(data: string): void {
    let start = 0;
    for (let end = data.indexOf("\n"); end >= 0; end = data.indexOf("\n", start)) {
      this.#take(data.slice(start, end));
      start = end + 1;
      const report = (this.#pieces.length === 1 ? this.#pieces[0] : this.#pieces.join("")) ?? "";
      this.#pieces = [];
      const mark = this.#mark ?? ANY_MARK.exec(report)?.[0];
      if (mark !== undefined && report.startsWith(mark)) this.onReport(report.slice(mark.length));
    }
    if (start < data.length) this.#take(data.slice(start));
  }

  /** Everything before a report's sign is of somebody else, and is let go of at once. */
  #take(piece: string): void {
    if (piece.includes(SIGN)) this.#pieces = [piece.slice(piece.lastIndexOf(SIGN))];
    else if (this.#pieces.length > 0) this.#pieces.push(piece);
  }
}
