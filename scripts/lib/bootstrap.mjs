import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, readFileSync } from "node:fs";
import { inRoot, root } from "./paths.mjs";

/**
 * Makes a fresh clone ready: checks Node, and installs the locked packages where node_modules is missing or differs from
 * the lockfile. Imports nothing that would have to be installed first.
 */
export function bootstrap() {
  requireNode(20, 19);
  if (isLinked() || isInstalled()) return;
  console.log("Installing the locked packages (npm ci)…");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status, error } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error || status !== 0) {
    console.error(`npm ci failed${error ? `: ${error.message}` : ""}. Check that the npm registry can be reached.`);
    process.exit(1);
  }
}

/**
 * @param {number} major
 * @param {number} minor
 */
function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  console.error(`Fanout needs Node ${major}.${minor} or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

/** What another checkout has installed, and this one only links to, is that checkout's to change. */
function isLinked() {
  return lstatSync(inRoot("node_modules"), { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** npm writes what it installed into node_modules/.package-lock.json when an install is complete. */
function isInstalled() {
  const installedList = inRoot("node_modules/.package-lock.json");
  if (!existsSync(installedList)) return false;
  const installed = readPackages(installedList);
  return Object.entries(readPackages(inRoot("package-lock.json"))).every(([folder, wanted]) => {
    if (folder === "" || wanted.optional || wanted.devOptional || wanted.peer) return true;
    return installed[folder]?.version === wanted.version;
  });
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, peer?: boolean }} LockedPackage
 * @param {string} lockfile
 * @returns {Record<string, LockedPackage>}
 */
function readPackages(lockfile) {
  return JSON.parse(readFileSync(lockfile, "utf8")).packages;
}
