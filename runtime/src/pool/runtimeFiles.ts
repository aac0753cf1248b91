import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));

/** The folder with this installation's bundles, seen from a bundle in it or from this source file. */
function bundleFolder(): string {
  return path.basename(here) === "pool" ? path.resolve(here, "../../../dist/runtime") : here;
}

/** A bundle of this installation. */
export function bundleFile(name: "templates.cjs" | "params.cjs" | "svg.cjs" | "width.cjs" | "worker.cjs"): string {
  return path.join(bundleFolder(), name);
}

/** CommonJS, in which Node starts sooner. */
export function workerFile(): string {
  return bundleFile("worker.cjs");
}

/** What `import "fanout"` means in a DAG file: the library that belongs to the engine that runs it. */
export function libraryFile(kind: "module" | "commonjs"): string {
  return path.join(bundleFolder(), kind === "module" ? "index.js" : "index.cjs");
}
