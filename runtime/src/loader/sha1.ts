import type * as Crypto from "node:crypto";
import { createRequire } from "node:module";

/** In hex. Node's hashes are loaded with the first of them: a bundle that is fresh is found sooner than they are there. */
export function sha1(text: string): string {
  const { createHash } = createRequire(import.meta.url)("node:crypto") as typeof Crypto;
  return createHash("sha1").update(text).digest("hex");
}
