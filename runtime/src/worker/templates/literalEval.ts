/** Reads a Python literal, as `ast.literal_eval` does; undefined where the text is none. */
export function literalEval(text: string): unknown {
  const reader = new LiteralReader(text.trim());
  try {
    const value = reader.value();
    return reader.isAtEnd() ? value : undefined;
  } catch {
    return undefined;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", "\\": "\\", "'": "'", '"': '"' };

class LiteralReader {
  #at = 0;

  constructor(readonly text: string) {}

  isAtEnd(): boolean {
    this.#space();
    return this.#at === this.text.length;
  }

  value(): unknown {
    this.#space();
    if (this.#skip("[")) return this.#items("]");
    if (this.#skip("(")) return this.#tuple();
    if (this.#skip("{")) return this.#dict();
    const word = this.#match(/(?:True|False|None)\b/y);
    if (word !== undefined) return word === "None" ? null : word === "True";
    const number = this.#match(/[+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y);
    if (number !== undefined) {
      if (/^[+-]?0\d/.test(number)) throw new SyntaxError("leading zeros");
      return Number(number.replaceAll("_", ""));
    }
    return this.#string();
  }

  /** Strings that stand side by side are one. */
  #string(): string {
    let whole: string | undefined;
    for (;;) {
      const literal = this.#match(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/sy);
      if (literal === undefined) break;
      whole =
        (whole ?? "") + literal.slice(1, -1).replaceAll(/\\(.)/gs, (_, one: string) => ESCAPES[one] ?? `\\${one}`);
      this.#space();
    }
    if (whole === undefined) throw new SyntaxError("no literal");
    return whole;
  }

  #items(closing: string): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      this.#space();
      if (this.#skip(closing)) return items;
      items.push(this.value());
      this.#space();
      if (!this.#skip(",") && !this.text.startsWith(closing, this.#at)) throw new SyntaxError("no comma");
    }
  }

  #tuple(): unknown {
    const from = this.#at;
    const items = this.#items(")");
    const isGrouping = items.length === 1 && !/,\s*\)$/.test(this.text.slice(from, this.#at));
    return isGrouping ? items[0] : items;
  }

  #dict(): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    for (;;) {
      this.#space();
      if (this.#skip("}")) return Object.fromEntries(entries);
      const key = this.value();
      this.#space();
      if (!this.#skip(":")) throw new SyntaxError("no colon");
      entries.push([String(key), this.value()]);
      this.#space();
      if (!this.#skip(",") && this.text[this.#at] !== "}") throw new SyntaxError("no comma");
    }
  }

  #skip(text: string): boolean {
    if (!this.text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #space(): void {
    this.#match(/\s+/y);
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }
}
