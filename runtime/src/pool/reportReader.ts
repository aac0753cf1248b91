/**
 * Stands before every report. The person's code may write into any descriptor of its process: what such a line leaves
 * behind, whole or not, is no report. No JSON text holds this character.
 */
export const MARK = "\x1e";

/** Finds the reports in what arrives from a worker, however it is cut into pieces. */
export class ReportReader {
  /** Pieces of a report whose end has not come yet. They are joined once: one may be very long. */
  #pieces: string[] = [];

  constructor(readonly onReport: (report: string) => void) {}

  take(data: string): void {
    let start = 0;
    for (let end = data.indexOf("\n"); end >= 0; end = data.indexOf("\n", start)) {
      this.#take(data.slice(start, end));
      start = end + 1;
      const report = this.#pieces.length === 1 ? this.#pieces[0] : this.#pieces.join("");
      this.#pieces = [];
      if (report) this.onReport(report);
    }
    if (start < data.length) this.#take(data.slice(start));
  }

  /** Everything before a report's mark is of somebody else, and is let go of at once. */
  #take(piece: string): void {
    if (piece.startsWith(MARK)) this.#pieces = [piece.slice(1)];
    else if (piece.includes(MARK)) this.#pieces = [piece.slice(piece.lastIndexOf(MARK) + 1)];
    else if (this.#pieces.length > 0) this.#pieces.push(piece);
  }
}
