import path from "node:path";
import { fileURLToPath } from "node:url";
import type { WriteStream } from "node:tty";
import picocolors from "picocolors";
import type { Cli, Output } from "./cli.js";
import { runProgram } from "./program.js";

/** The composition root of the command line: the only file that touches the process it runs in. */

const DEFAULT_COLUMNS = 120;
const DEFAULT_ROWS = 24;
const INTERRUPTS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function outputOf(stream: WriteStream): Output {
  const isOpen = watchOutput(stream);
  return {
    write: (text) => {
      if (isOpen()) stream.write(text);
    },
    isTTY: isInteractive(stream),
    colors: picocolors.createColors(wantsColours(stream)),
    columns: () => (stream.isTTY ? stream.columns || DEFAULT_COLUMNS : DEFAULT_COLUMNS),
    rows: () => (stream.isTTY ? stream.rows || DEFAULT_ROWS : DEFAULT_ROWS),
    onResize: (handler) => {
      stream.on("resize", handler);
      return () => {
        stream.off("resize", handler);
      };
    },
  };
}

/** CI systems sometimes offer a terminal that nobody looks at and that keeps every frame. */
function isInteractive(stream: WriteStream): boolean {
  return isTerminal(stream) && process.env["TERM"] !== "dumb" && !process.env["CI"];
}

/** What is no terminal has no `isTTY` at all, whatever the types say; of undefined, libraries make what they like. */
function isTerminal({ isTTY }: Partial<WriteStream>): boolean {
  return isTTY === true;
}

function wantsColours(stream: WriteStream): boolean {
  if (process.env["NO_COLOR"]) return false;
  const forced = process.env["FORCE_COLOR"];
  if (forced) return forced !== "0" && forced !== "false";
  return isTerminal(stream) && process.env["TERM"] !== "dumb";
}

/**
 * Ctrl-C, the polite request to end, and the end of the terminal mean the same to a command. A terminal that closes may say
 * so more than once, and nobody means by it that the command shall not even tidy up.
 */
function onInterrupt(handler: (times: number) => void): () => void {
  let times = 0;
  const listener = (signal: NodeJS.Signals): void => {
    if (signal === "SIGHUP" && times > 0) return;
    times += 1;
    handler(times);
  };
  for (const signal of INTERRUPTS) process.on(signal, listener);
  return () => {
    for (const signal of INTERRUPTS) process.off(signal, listener);
  };
}

/**
 * Whether writing to it makes sense. A pipe's reader that went away (`fanout runs | head`) is no failure of ours; a disk that
 * is full is one, since what was asked for is not there. Neither ends a command in the middle of a run.
 */
function watchOutput(stream: WriteStream): () => boolean {
  let isOpen = true;
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (isOpen && error.code !== "EPIPE") {
      process.exitCode = 2;
      if (stream !== process.stderr) process.stderr.write(`The output cannot be written: ${error.message}.\n`);
    }
    isOpen = false;
  });
  return () => isOpen;
}

const cli: Cli = {
  out: outputOf(process.stdout),
  err: outputOf(process.stderr),
  cwd: process.cwd(),
  env: process.env,
  packageRoot: path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../.."),
  onInterrupt,
  forceExit: (code) => process.exit(code),
};

/** `done` is told when the command could do what it was asked for. */
export function start(done: () => void): void {
  void runProgram(process.argv.slice(2), cli).then((code) => {
    // Set rather than exited with, so that what was written reaches a slow pipe.
    if (code !== 0) process.exitCode = code;
    if (code !== 2) done();
  });
}
