import { asRunError } from "../errors.js";
import { type Cli, writeLines } from "./cli.js";
import { readSource } from "./sources.js";
import { errorLines } from "./views/errorText.js";

/** One message on stderr about what went wrong. */
export function tellError(thrown: unknown, cli: Cli): void {
  writeLines(cli.err, errorLines(asRunError(thrown), { cwd: cli.cwd, colors: cli.err.colors, readSource }));
}

/** Tells of a run that has ended. That it cannot be told is said, and changes nothing about how the run ended. */
export async function tellAfterwards(cli: Cli, tell: () => void | Promise<void>): Promise<void> {
  try {
    await tell();
  } catch (thrown) {
    tellError(thrown, cli);
  }
}
