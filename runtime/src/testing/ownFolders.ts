import path from "node:path";
import { fileURLToPath } from "node:url";
import { type OwnFolders, ownFolders } from "../worker/userError.js";

/** Whose frames a person does not want to see, from the bundle as well as from this source file. */
export function testingFolders(): OwnFolders {
  const file = fileURLToPath(import.meta.url);
  const isSource = path.basename(path.dirname(file)) === "testing";
  return ownFolders(isSource ? path.resolve(file, "../../../../dist/runtime/testing.js") : file);
}
