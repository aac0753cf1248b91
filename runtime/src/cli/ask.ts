import { createInterface } from "node:readline";
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
  return isYes(`${question} [y/N] `, process.stdin, process.stderr);
}

/** Ctrl-C, Ctrl-D and an input that ends are a no: whoever asked says that nothing was changed. */
export function isYes(question: string, input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Promise<boolean> {
  const lines = createInterface({ input, output });
  return new Promise((resolve) => {
    lines.once("close", () => {
      // Unless it is answered, the line with the question is not ended.
      output.write("\n");
      resolve(false);
    });
    lines.question(question, (answer) => {
      lines.removeAllListeners("close").close();
      resolve(/^y(es)?$/i.test(answer.trim()));
    });
  });
}
