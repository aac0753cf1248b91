import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const dist = fileURLToPath(new URL("../../dist", import.meta.url));

/** The .vsix that `npm run package` made. */
export function builtVsix(): string {
  const name = readdirSync(dist).find((file) => file.endsWith(".vsix"));
  if (name === undefined) throw new Error("There is no .vsix in dist: run 'npm run package' first.");
  return path.join(dist, name);
}
