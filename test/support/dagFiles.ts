import { readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of every DAG file that reading and executing are compared on: the examples, and fixtures made for it. */
export function dagFiles(): string[] {
  return ["examples", "test/fixtures/agreement"].flatMap((folder) =>
    readdirSync(path.join(repository, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".dag.ts"))
      .sort()
      .map((name) => path.join(repository, folder, name)),
  );
}
