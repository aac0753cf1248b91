import { BaseOperator } from "./baseOperator.js";
import { type BashOperatorArgs, runBashCommand } from "./bashCommand.js";

/**
 * Runs a command in bash. What it writes to its standard output and standard error goes to the log in the order in which
 * it is written; the last line of it is the result, as in Airflow. Any exit code but 0 fails the instance, 99 skips it.
 */
export class BashOperator extends BaseOperator<BashOperatorArgs, string> {
  static override readonly template_fields: readonly string[] = ["bash_command", "env", "cwd"];
  static override readonly template_ext: readonly string[] = [".sh", ".bash"];

  /** Runs the command. Throws `SkipException`, or an `Error` that names the exit code. */
  async execute(): Promise<string> {
    return runBashCommand(this.args);
  }
}
