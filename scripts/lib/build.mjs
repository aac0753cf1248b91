import { existsSync, readdirSync, statSync } from "node:fs";
import { buildBundles } from "../../esbuild.mjs";
import { linkCheckout } from "./linkCheckout.mjs";
import { inRoot } from "./paths.mjs";

/**
 * Brings dist/ up to date.
 * @returns {Promise<string[]>} names of what was built
 */
export async function build({ all = false } = {}) {
  const built = await buildBundles({ all });
  if (all || typesAreStale()) {
    const { buildTypes } = await import("../buildTypes.mjs");
    await buildTypes();
    built.push("types");
  }
  linkCheckout();
  return built;
}

function typesAreStale() {
  const types = ["index.d.ts", "index.d.cts", "testing.d.ts", "testing.d.cts"].map((file) =>
    inRoot("dist/types", file),
  );
  if (!types.every((file) => existsSync(file))) return true;
  const builtAt = Math.min(...types.map((file) => statSync(file).mtimeMs));
  return (
    newest("runtime/src/authoring", "runtime/src/testing", "core/src") > builtAt ||
    ["index", "testing", "errors"].some((name) => statSync(inRoot(`runtime/src/${name}.ts`)).mtimeMs > builtAt)
  );
}

/** @param {...string} folders */
function newest(...folders) {
  const files = folders.flatMap((folder) =>
    readdirSync(inRoot(folder), { recursive: true, encoding: "utf8" }).map((file) => inRoot(folder, file)),
  );
  return Math.max(...files.map((file) => statSync(file).mtimeMs));
}
