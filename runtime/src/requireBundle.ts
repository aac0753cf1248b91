import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** Loads another bundle of this installation, which no run pays for that does not need it. Node keeps it loaded. */
export function requireBundle<T>(file: string): T {
  return require(file) as T;
}
