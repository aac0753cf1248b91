import path from "node:path";
import { pathToFileURL } from "node:url";
import type { BuildResult, OutputFile } from "esbuild";
import { libraryFile } from "../pool/runtimeFiles.js";
import { whileWriting } from "../store/runFolder.js";
import { toFanoutError } from "./buildErrors.js";
import { findCached, remember, stemOf } from "./bundleCache.js";
import { type Externals, perFileMeta, resolveAddons, resolvePackages } from "./esbuildPlugins.js";
import { sha1 } from "./sha1.js";
import { writeWhole } from "./wholeFile.js";

/**
 * The path of a module that is the DAG file with everything that belongs to it; packages are imported from where they
 * lie. What was bundled before and has not changed since is not bundled again, and esbuild is then not even started.
 * @throws FanoutError `syntax-error` or `missing-import` with the place, or `store-failed`.
 */
export async function bundleDag(file: string, cache: string): Promise<string> {
  const cached = findCached(file, cache);
  if (cached !== null) return cached;
  const externals: Externals = new Set();
  const result = await build(file, cache, externals);
  const folder = path.dirname(file);
  const inputs = Object.keys(result.metafile.inputs).filter((input) => !/^[\w-]{2,}:/.test(input));
  return whileWriting(path.dirname(cache), () => {
    const bundle = writeBundle(file, cache, result.outputFiles);
    remember(file, cache, { bundle, inputs: inputs.map((input) => path.resolve(folder, input)), externals });
    return bundle;
  });
}

type Built = BuildResult<{ metafile: true; write: false }>;

async function build(file: string, cache: string, externals: Externals): Promise<Built> {
  const { build: run } = await import("esbuild");
  try {
    return await run({
      absWorkingDir: path.dirname(file),
      entryPoints: [file],
      outfile: path.join(cache, "bundle.mjs"),
      bundle: true,
      write: false,
      metafile: true,
      platform: "node",
      format: "esm",
      target: "node20",
      // Node's own conditions; esbuild would add `module`, which Node does not know.
      conditions: ["node-addons"],
      keepNames: true,
      sourcemap: "external",
      sourcesContent: false,
      logLevel: "silent",
      banner: { js: requireFrom(file) },
      define: {
        "import.meta.url": "__fanoutUrl",
        "import.meta.dirname": "__fanoutFolder",
        "import.meta.filename": "__fanoutFile",
        __dirname: "__fanoutFolder",
        __filename: "__fanoutFile",
      },
      plugins: [perFileMeta(), resolveAddons(externals), resolvePackages(libraryFile, externals)],
    });
  } catch (thrown) {
    throw toFanoutError(thrown, path.dirname(file));
  }
}

/** CommonJS code inside the bundle still calls `require`, as seen from the DAG file. */
function requireFrom(file: string): string {
  const url = JSON.stringify(pathToFileURL(file).href);
  return `import { createRequire as __fanoutRequire } from "node:module"; const require = __fanoutRequire(${url});`;
}

function writeBundle(file: string, cache: string, outputs: readonly OutputFile[]): string {
  const code = outputs.find((output) => output.path.endsWith(".mjs"))?.text ?? "";
  const map = JSON.parse(outputs.find((output) => output.path.endsWith(".map"))?.text ?? "{}") as {
    sources?: string[];
  };
  // Absolute, so that positions are right wherever the history folder lies. What a URL cannot hold is encoded already.
  const sources = (map.sources ?? []).map(
    (source) => pathToFileURL(path.resolve(cache, decodeURIComponent(source))).href,
  );
  const library = path.dirname(libraryFile("module"));
  const stem = stemOf(path.basename(file).replace(/\.[^.]+$/, ""));
  // Each installation of this library has bundles of its own, which import it from there.
  const bundle = path.join(cache, `${stem}.${hashOf(library).slice(0, 8)}.${hashOf(withoutPlace(code, library))}.mjs`);
  writeWhole(`${bundle}.map`, JSON.stringify({ ...map, sources }));
  writeWhole(bundle, `${code}\n//# sourceMappingURL=${encodeURIComponent(path.basename(bundle))}.map\n`);
  return bundle;
}

/** What a bundle is called wherever this library is installed: the editor and a command may have one each. */
export function codeNameOf(bundle: string): string {
  return path.parse(bundle).name.replace(/\.[0-9a-f]{8}(?=\.[0-9a-f]{16}$)/, "");
}

/** The code of a bundle without where its library lies, as a URL or a path. */
export function withoutPlace(code: string, library: string): string {
  const places = [pathToFileURL(library).href, JSON.stringify(library).slice(1, -1)];
  return places.reduce((text, place) => text.replaceAll(place, "fanout:"), code);
}

function hashOf(text: string): string {
  return sha1(text).slice(0, 16);
}
