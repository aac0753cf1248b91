import type { Colors } from "./views/colors.js";

/** What a command may do to the outside world; `main.ts` makes the real one. */
export interface Cli {
  readonly out: Output;
  readonly err: Output;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Folder of the installation: it holds `dist/` and `package.json`. */
  readonly packageRoot: string;
  /** The handler gets 1 at the first Ctrl-C, 2 at the second…; the result takes it away again. */
  readonly onInterrupt: (handler: (times: number) => void) => () => void;
  /** Ends the process now: only a second Ctrl-C may ask for it. */
  readonly forceExit: (code: number) => void;
}

export interface Output {
  readonly write: (text: string) => void;
  readonly isTTY: boolean;
  readonly colors: Colors;
  /** Width in columns; 120 where nobody looks at a terminal. */
  readonly columns: () => number;
  readonly rows: () => number;
  readonly onResize: (handler: () => void) => () => void;
}

/** 0: it went well. 1: the run failed, or problems were found. 2: it could not be done at all. */
export type ExitCode = 0 | 1 | 2;

/** Where a command's answer is a pure text, this is how it is written. */
export function writeLines(output: Output, lines: readonly string[]): void {
  if (lines.length > 0) output.write(`${lines.join("\n")}\n`);
}

export function writeJson(output: Output, value: unknown): void {
  output.write(`${JSON.stringify(value ?? null, null, 2)}\n`);
}
