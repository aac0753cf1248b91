import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";

/**
 * What an installation would have in node_modules and a checkout has not: the command, so that `npx fanout` works here,
 * and the TypeScript plugin, which VS Code looks for beside the extension that it started from this folder.
 */
export function linkCheckout() {
  link(inRoot("dist/runtime/cli.cjs"), inRoot("node_modules/.bin/fanout"));
  const plugin = inRoot("node_modules/fanout-typescript-plugin");
  mkdirSync(plugin, { recursive: true });
  writeFileSync(path.join(plugin, "package.json"), '{ "name": "fanout-typescript-plugin", "main": "index.js" }\n');
  writeFileSync(path.join(plugin, "index.js"), 'module.exports = require("../../dist/server/typescriptPlugin.cjs");\n');
}

/**
 * @param {string} target
 * @param {string} at
 */
function link(target, at) {
  // Windows starts commands through scripts of npm's own making; there, `node dist/runtime/cli.cjs` does the same.
  if (process.platform === "win32" || existsSync(at)) return;
  rmSync(at, { force: true });
  symlinkSync(path.relative(path.dirname(at), target), at);
}
