import { BaseOperator } from "./baseOperator.js";
import { type BashOperatorArgs, runBashCommand } from "./bashCommand.js";

/**
 * Runs a command in bash. The last line that it writes to its standard output is the result; all of its output goes
 * to the log. Any exit code but 0 fails the instance, 99 skips it.
 */
export class BashOperator extends BaseOperator<BashOperatorArgs, string> {
  static override readonly template_fields: readonly string[] = ["bash_command", "env", "cwd"];
  static override readonly template_ext: readonly string[] = [".sh", ".bash"];

  /** Runs the command. Throws `SkipException`, or an `Error` that names the exit code. */
  async execute(): Promise<string> {
    return runBashCommand(this.args);
  }
}
