import { createInterface } from "node:readline/promises";
import { FanoutError } from "../errors.js";
import type { Cli } from "./cli.js";

/**
 * Whether a person who was shown what is about to change wants it.
 * @throws FanoutError `invalid-option` where nobody can be asked.
 */
export async function isWanted(cli: Cli, question: string): Promise<boolean> {
  if (!process.stdin.isTTY || !cli.err.isTTY) {
    throw new FanoutError("invalid-option", "Nobody is there to be asked whether that is wanted.", {
      advice: "Add '--yes'.",
    });
  }
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `)).trim());
  } finally {
    lines.close();
  }
}
