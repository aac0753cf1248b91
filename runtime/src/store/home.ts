import { existsSync, statSync } from "node:fs";
import path from "node:path";

/**
 * The history folder for a DAG file or a folder: `$FANOUT_HOME`, else `.fanout` in the nearest ancestor with a
 * `package.json`, else in the folder itself.
 */
export function findHome(start: string): string {
  const given = process.env["FANOUT_HOME"];
  if (given) return path.resolve(given);
  const absolute = path.resolve(start);
  const folder = isFolder(absolute) ? absolute : path.dirname(absolute);
  return path.join(ancestorWithPackage(folder) ?? folder, ".fanout");
}

function ancestorWithPackage(folder: string): string | null {
  if (existsSync(path.join(folder, "package.json"))) return folder;
  const parent = path.dirname(folder);
  return parent === folder ? null : ancestorWithPackage(parent);
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
