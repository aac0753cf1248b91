import * as vscode from "vscode";
import { EngineProcess } from "./engineProcess.js";
import { chooseNode, versionOf } from "./nodeRuntime.js";
import type { RunBook } from "./runBook.js";

/** The engine with the Node of the settings; starts nothing before somebody asks. */
export function startableEngine(
  context: vscode.ExtensionContext,
  book: RunBook,
  log: vscode.LogOutputChannel,
): EngineProcess {
  return new EngineProcess({
    hostPath: context.asAbsolutePath("dist/runtime/host.js"),
    chooseNode: () =>
      chooseNode({
        nodePath: vscode.workspace.getConfiguration("fanout").get("nodePath", ""),
        host: { execPath: process.execPath, version: process.version },
        versionOf,
      }),
    handlers: {
      runEvent: (event) => {
        book.receive(event);
      },
    },
    log: (line) => {
      log.info(line);
    },
    crashed: (error) => {
      book.abandonAll(error); // each run tells its own end
    },
  });
}
