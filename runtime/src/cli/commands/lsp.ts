import { spawn } from "node:child_process";
import path from "node:path";
import type { CliCommand } from "../command.js";
import type { Cli, ExitCode } from "../cli.js";

export const lspCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("lsp")
      .description("run the language server on stdin and stdout, for any editor")
      // What editors add of their own accord; stdio is the only way there is.
      .option("--stdio", "accepted for editors that pass it")
      .action(() => finish(serve(cli)));
  },
};

/** The server is a process of its own: it shares no code with the runtime, only these three streams. */
function serve(cli: Cli): Promise<ExitCode> {
  const server = path.join(cli.packageRoot, "dist/server/main.cjs");
  const child = spawn(process.execPath, [server, "--stdio"], { stdio: "inherit" });
  // Editors end a server with a signal to the process they started, which is this one.
  const stopListening = cli.onInterrupt(() => child.kill());
  return new Promise((resolve) => {
    const end = (code: ExitCode): void => {
      stopListening();
      resolve(code);
    };
    child.on("error", () => {
      end(2);
    });
    child.on("exit", (code) => {
      end(code === 0 ? 0 : 2);
    });
  });
}
