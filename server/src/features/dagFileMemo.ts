interface Remembered {
  readonly imports: string;
  readonly answer: boolean;
}

/** Lines that can make a file import something; what else is in them does no harm. */
const importLines = /\b(?:import|export|require|from)\b.*/g;

/**
 * Whether files import fanout, asked again only when imports change: in a workspace full of other TypeScript, an edit
 * must cost nothing.
 */
export class DagFileMemo {
  private readonly answers = new Map<string, Remembered>();

  /** `isDagFile` follows a file's imports on disk; `openText` is undefined for files that are not open. */
  constructor(
    private readonly isDagFile: (fileName: string) => boolean,
    private readonly openText: (fileName: string) => string | undefined,
  ) {}

  ask(fileName: string): boolean {
    const text = this.openText(fileName);
    if (text === undefined) return this.isDagFile(fileName);
    const imports = (text.match(importLines) ?? []).join("\n");
    const known = this.answers.get(fileName);
    if (known?.imports === imports) return known.answer;
    // A helper that begins to import fanout makes DAG files of those that import it.
    if (known !== undefined) this.answers.clear();
    const answer = this.isDagFile(fileName);
    this.answers.set(fileName, { imports, answer });
    return answer;
  }

  /** Files came, went or changed on disk. */
  forget(): void {
    this.answers.clear();
  }
}
