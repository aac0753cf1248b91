import { randomUUID } from "node:crypto";
import { pathToFileURL } from "node:url";
import type { DagModel } from "#core/model/dag.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { registry } from "../../runtime/src/authoring/registry.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";

/** The models of a file's DAGs by executing it, in the order of their `dag()` calls. */
export async function executeDags(file: string): Promise<DagModel[]> {
  const declarations: DagDeclaration[] = [];
  const collect = (declaration: DagDeclaration): void => void declarations.push(declaration);
  registry().collectors.add(collect);
  try {
    // Another test of the same process may have imported the file already, and a module runs only once.
    await import(`${pathToFileURL(file).href}?${randomUUID()}`);
  } finally {
    registry().collectors.delete(collect);
  }
  return declarations.map(toModel);
}
