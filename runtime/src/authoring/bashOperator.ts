import { BaseOperator } from "./baseOperator.js";
import { runBash } from "./runBash.js";
import { SkipException } from "./exceptions.js";

/** Arguments of `BashOperator`, named as Airflow names them. */
export interface BashOperatorArgs {
  /** What bash is to run. */
  bash_command: string;
  /** Environment variables; in place of the process's own unless `append_env`. */
  env?: Readonly<Record<string, string>>;
  /** Keeps the process's environment variables beside those of `env`. Default false. */
  append_env?: boolean;
  /** Exit codes by which the instance is skipped. Default 99; null for none. */
  skip_on_exit_code?: number | readonly number[] | null;
  /** The folder to run in. Default: a temporary one, which is removed afterwards. */
  cwd?: string;
}

/**
 * Runs a command in bash. The last line that it writes to its standard output is the result; all of its output goes
 * to the log. Any exit code but 0 fails the instance, 99 skips it.
 */
export class BashOperator extends BaseOperator<BashOperatorArgs, string> {
  static override readonly template_fields: readonly string[] = ["bash_command", "env", "cwd"];
  static override readonly template_ext: readonly string[] = [".sh", ".bash"];

  /** Runs the command. Throws `SkipException`, or an `Error` that names the exit code. */
  async execute(): Promise<string> {
    const { bash_command, env, append_env = false, skip_on_exit_code = 99, cwd } = this.args;
    const environment = env === undefined || append_env ? { ...process.env, ...env } : { ...env };
    const { exitCode, signal, lastLine } = await runBash(bash_command, environment, cwd);
    if (exitCode === 0) return lastLine;
    if ([skip_on_exit_code].flat().includes(exitCode)) {
      throw new SkipException(`The bash command returned exit code ${exitCode}.`);
    }
    const how = exitCode === null ? `was ended by ${signal ?? "a signal"}` : `returned exit code ${exitCode}`;
    throw new Error(`The bash command ${how}.`);
  }
}
