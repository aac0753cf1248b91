/** What is wrong with a template, in words that can follow a colon. */
export class TemplateError extends Error {
  /** Name of the template file; null for a text of the code. */
  file: string | null = null;

  constructor(
    message: string,
    /** From 1; null where it is not known yet. */
    public line: number | null = null,
  ) {
    super(message);
  }
}

/** The error with the line that it happened in, unless it knows a closer one. */
export function atLine(thrown: unknown, line: number): unknown {
  if (thrown instanceof TemplateError) thrown.line ??= line;
  return thrown;
}
