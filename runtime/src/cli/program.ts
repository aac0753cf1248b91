import { Command, CommanderError } from "commander";
import { FanoutError } from "../errors.js";
import type { Cli, ExitCode } from "./cli.js";
import type { CliCommand, Finish } from "./command.js";
import { COMMANDS } from "./registry.js";
import { versionOf } from "./version.js";

/** Runs one command line and says with which code to end; everything that goes wrong becomes one message on stderr. */
export async function runProgram(args: readonly string[], cli: Cli): Promise<ExitCode> {
  let code: ExitCode = 0;
  const finish: Finish = async (outcome) => {
    code = await outcome;
  };
  try {
    const program = programFor(cli);
    for (const command of await commandsFor(args)) command.define(program, cli, finish);
    await program.parseAsync(args, { from: "user" });
    return code;
  } catch (thrown) {
    // commander has already written its message, or the help that was asked for.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    return await report(thrown, cli);
  }
}

function programFor(cli: Cli): Command {
  return new Command("fanout")
    .description("DAGs in TypeScript with Airflow's dynamic task mapping")
    .version(versionOf(cli), "-v, --version")
    .exitOverride()
    .showSuggestionAfterError()
    .configureHelp({ sortSubcommands: true, showGlobalOptions: false })
    .configureOutput({
      writeOut: cli.out.write,
      writeErr: cli.err.write,
      outputError: (text, write) => {
        write(cli.err.colors.red(text));
      },
      getOutHelpWidth: () => Math.min(cli.out.columns(), 100),
      getErrHelpWidth: () => Math.min(cli.err.columns(), 100),
    });
}

/** The one command that the line names; all of them where it names none, for help and suggestions. */
async function commandsFor([name = ""]: readonly string[]): Promise<CliCommand[]> {
  const wanted = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  return wanted ? [await wanted()] : Promise.all(Object.values(COMMANDS).map((load) => load()));
}

async function report(thrown: unknown, cli: Cli): Promise<ExitCode> {
  const { tellError } = await import("./tellError.js");
  tellError(thrown, cli);
  return FanoutError.is(thrown) ? thrown.exitCode : 2;
}
