import type { Output } from "./cli.js";
import { widthOf } from "./views/text.js";

const HIDE_CURSOR = "\u001b[?25l";
const SHOW_CURSOR = "\u001b[?25h";
/** Terminals that know these show a frame at once; the others ignore them. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";
const CLEAR_BELOW = "\u001b[0J";
const CLEAR_LINE_END = "\u001b[K";

/** A few lines at the end of the terminal that are redrawn in place, in one write a frame. */
export class LiveRegion {
  #shown: readonly string[] = [];
  #drawn = false;
  readonly #stopResize: () => void;

  constructor(
    private readonly output: Output,
    redraw: () => void,
  ) {
    this.#stopResize = output.onResize(redraw);
  }

  draw(lines: readonly string[]): void {
    if (this.#drawn && lines.join("\n") === this.#shown.join("\n")) return;
    const body = lines.map((line) => `${line}${CLEAR_LINE_END}\n`).join("");
    this.output.write(
      `${BEGIN_FRAME}${this.#drawn ? "" : HIDE_CURSOR}${this.#toTop()}${body}${CLEAR_BELOW}${END_FRAME}`,
    );
    this.#shown = lines;
    this.#drawn = true;
  }

  /** Takes the region away, so that what is written next stands in its place. */
  close(): void {
    this.#stopResize();
    if (!this.#drawn) return;
    this.output.write(`${this.#toTop()}${CLEAR_BELOW}${SHOW_CURSOR}`);
    this.#drawn = false;
    this.#shown = [];
  }

  /** The terminal wraps lines that became too wide since they were drawn, so rows are counted at today's width. */
  #toTop(): string {
    const columns = Math.max(1, this.output.columns());
    const rows = this.#shown.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    return rows === 0 ? "" : `\u001b[${rows}A\r`;
  }
}
