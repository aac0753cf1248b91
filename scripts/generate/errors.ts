import { FAILED_RUN_CODES, RUN_ERROR_CODES, type RunErrorCode } from "#core/errorCodes.js";
import { ERROR_TEXTS } from "#core/errorTexts.js";
import { table } from "./tables.js";

/** `docs/errors.md`: every code, when it comes and what to do. */
export function errorDocument(): string {
  const failed: ReadonlySet<RunErrorCode> = new Set(FAILED_RUN_CODES);
  const rows = (codes: readonly RunErrorCode[]): string =>
    table(
      ["code", "when", "what to do"],
      codes.map((code) => [`\`${code}\``, ERROR_TEXTS[code].when, ERROR_TEXTS[code].fix]),
    );
  const others = RUN_ERROR_CODES.filter((code) => !failed.has(code));
  return [
    "# Errors",
    "Every error has a code that stays the same; its wording may change. Scripts find it in the JSON and NDJSON output of `fanout run` and `fanout show` (`error.code`), beside the place in your source (`error.at`) and what to do (`error.advice`).",
    "## A run that failed",
    "An instance or the whole run failed while it was under way: `fanout run` exits with 1.",
    rows(FAILED_RUN_CODES),
    "## A run that could not start",
    "The file, the command or the environment is wrong, and nothing was run: the command exits with 2. Where a value that is known only at run time breaks the same rule, such as a dict that `expand_kwargs` gets from a task, the instance fails with the same code.",
    rows(others),
  ].join("\n\n");
}
