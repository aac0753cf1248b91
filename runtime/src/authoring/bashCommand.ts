import { SkipException } from "./exceptions.js";
import { runBash } from "./runBash.js";

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

/** Runs a command as `BashOperator` says. Throws `SkipException`, or an `Error` that names the exit code. */
export async function runBashCommand(args: Readonly<BashOperatorArgs>): Promise<string> {
  const { bash_command, env, append_env = false, skip_on_exit_code = 99, cwd } = args;
  const environment = env === undefined || append_env ? { ...process.env, ...env } : { ...env };
  const { exitCode, signal, lastLine } = await runBash(bash_command, environment, cwd);
  if (exitCode === 0) return lastLine;
  if ([skip_on_exit_code].flat().includes(exitCode)) {
    throw new SkipException(`The bash command returned exit code ${exitCode}.`);
  }
  const how = exitCode === null ? `was ended by ${signal ?? "a signal"}` : `returned exit code ${exitCode}`;
  throw new Error(`The bash command ${how}.`);
}
