import { existsSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { startServer } from "./server.js";
import { cacheFolder } from "./workspace/cacheFolder.js";

/** The bundle lies in `dist/server`; what it needs lies beside it in every package. */
const docs = fileURLToPath(new URL("../../docs/rules", import.meta.url));
const types = fileURLToPath(new URL("../types/index.d.ts", import.meta.url));

/** The client says how to talk (`--node-ipc`, `--stdio`, …); whoever says nothing means stdio. */
const isChosen = process.argv.some((argument) => /^--(?:node-ipc|stdio|socket|pipe)/.test(argument));
const connection = isChosen
  ? createConnection(ProposedFeatures.all)
  : createConnection(ProposedFeatures.all, process.stdin, process.stdout);

const { size, mtimeMs } = statSync(fileURLToPath(import.meta.url));

startServer(connection, {
  docsFolder: existsSync(docs) ? docs : undefined,
  bundledTypes: types,
  build: `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`,
  cacheFolder: path.join(cacheFolder(process.platform, process.env, os.homedir()), "fanout"),
});
