import type { Command } from "commander";
import type { Cli, ExitCode } from "./cli.js";

/** One command of `fanout`: it adds itself to the program and reports with which code the process should end. */
export interface CliCommand {
  readonly define: (program: Command, cli: Cli, finish: Finish) => void;
}

/** Waits for what a command does and keeps its exit code. */
export type Finish = (outcome: ExitCode | Promise<ExitCode>) => Promise<void>;
