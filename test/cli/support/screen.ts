import type { Output } from "../../../runtime/src/cli/cli.js";
import picocolors from "picocolors";

/** As much of a terminal as a region of lines needs: wrapping, cursor up, clearing, and a width that can change. */
export class Screen {
  cursorVisible = true;
  /** Rows that no frame has cleared, from the top. */
  #rows: string[] = [""];
  #row = 0;
  #column = 0;
  readonly #resizeHandlers = new Set<() => void>();

  constructor(private width: number) {}

  get lines(): readonly string[] {
    return this.#rows.map((row) => row.trimEnd()).filter((row, index, all) => row !== "" || index < all.length - 1);
  }

  output(): Output {
    return {
      write: (text) => {
        this.#write(text);
      },
      isTTY: true,
      colors: picocolors.createColors(false),
      columns: () => this.width,
      rows: () => 24,
      onResize: (handler) => {
        this.#resizeHandlers.add(handler);
        return () => this.#resizeHandlers.delete(handler);
      },
    };
  }

  /** Rewraps what is shown, as terminals do, and tells the program. */
  resize(width: number): void {
    const lines = this.#rows.slice(0, this.#row).flatMap((row) => chunks(row.trimEnd(), width));
    this.width = width;
    this.#rows = [...lines, ""];
    this.#row = this.#rows.length - 1;
    this.#column = 0;
    for (const handler of this.#resizeHandlers) handler();
  }

  #write(text: string): void {
    const control = /\u001b\[(\??)(\d*)([A-Za-z])/y;
    for (let index = 0; index < text.length; index++) {
      control.lastIndex = index;
      const match = control.exec(text);
      if (match === null) this.#put(text[index] ?? "");
      else {
        this.#control(match[1] ?? "", match[2] ?? "", match[3] ?? "");
        index += match[0].length - 1;
      }
    }
  }

  #control(mode: string, parameter: string, command: string): void {
    if (mode === "?" && parameter === "25") this.cursorVisible = command === "h";
    else if (command === "A") this.#row = Math.max(0, this.#row - Number(parameter));
    else if (command === "K") this.#rows[this.#row] = (this.#rows[this.#row] ?? "").slice(0, this.#column);
    else if (command === "J") {
      this.#rows = this.#rows.slice(0, this.#row + 1);
      this.#rows[this.#row] = (this.#rows[this.#row] ?? "").slice(0, this.#column);
    }
  }

  #put(character: string): void {
    if (character === "\r") this.#column = 0;
    else if (character === "\n") [this.#row, this.#column] = [this.#row + 1, 0];
    else {
      if (this.#column === this.width) [this.#row, this.#column] = [this.#row + 1, 0];
      const row = (this.#rows[this.#row] ?? "").padEnd(this.#column);
      this.#rows[this.#row] = row.slice(0, this.#column) + character + row.slice(this.#column + 1);
      this.#column += 1;
    }
    this.#rows[this.#row] ??= "";
  }
}

function chunks(text: string, width: number): string[] {
  const parts = text.match(new RegExp(`.{1,${width}}`, "g"));
  return parts ?? [""];
}
