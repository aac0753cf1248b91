import { Console } from "node:console";
import { existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { fileURLToPath } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { cacheFolder } from "#core/cacheFolder.js";
import { InputWatch } from "./inputWatch.js";
import { startServer } from "./server.js";

/** The bundle lies in `dist/server`; what it needs lies beside it in every package. */
const docs = fileURLToPath(new URL("../../docs/rules", import.meta.url));
const types = fileURLToPath(new URL("../types/index.d.ts", import.meta.url));

/** `settled`: open files are checked and closed ones are read, for the first time or again. */
export function start(settled: () => void): void {
  /** The client says how to talk; whoever says nothing means stdio, which alone can be watched for edits. */
  const isOther = process.argv.some((argument) => /^--(?:node-ipc|socket|pipe)/.test(argument));
  const watch = isOther ? { begin: () => ({ isCancellationRequested: false }) } : new InputWatch(process.stdin);
  // Nobody but the connection writes to stdout.
  if (watch instanceof InputWatch) globalThis.console = new Console(process.stderr);
  const connection =
    watch instanceof InputWatch
      ? createConnection(ProposedFeatures.all, watch.input, process.stdout)
      : createConnection(ProposedFeatures.all);

  const { size, mtimeMs } = statSync(fileURLToPath(import.meta.url));

  startServer(connection, {
    watch,
    docsFolder: existsSync(docs) ? docs : undefined,
    bundledTypes: types,
    build: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
    cacheFolder: cacheFolder(process.platform, process.env, homedir) ?? undefined,
    settled,
  });
}
