/**
 * The table of bundles, and how each is made. `node scripts/build.mjs` builds them, `scripts/checkBundles.mjs` checks
 * what went into them. What is tested is what ships: there is no separate production build, watching only skips minifying.
 */
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { onlyFlowcharts } from "./scripts/lib/onlyFlowcharts.mjs";

const root = path.dirname(fileURLToPath(import.meta.url));
const metaFolder = path.join(root, "dist/meta");

/** Stay in node_modules at run time: both find files of their own beside them (a binary, a .wasm). */
const keptPackages = ["esbuild", "node-sqlite3-wasm"];

/** CommonJS packages inside an ES module bundle still call `require` for Node's own modules. */
const requireForModules = {
  js: 'import { createRequire as fanoutCreateRequire } from "node:module"; const require = fanoutCreateRequire(import.meta.url);',
};

/** @type {esbuild.BuildOptions} */
const node = { platform: "node", target: "node20.19", external: keptPackages, sourcemap: true };
/** @type {esbuild.BuildOptions} */
const nodeModule = { ...node, format: "esm", banner: requireForModules };
/** @type {esbuild.BuildOptions} */
const nodeCommonJs = {
  ...node,
  format: "cjs",
  define: { "import.meta.url": "fanoutModuleUrl" },
  banner: { js: 'const fanoutModuleUrl = require("node:url").pathToFileURL(__filename).href;' },
};
/** @type {esbuild.BuildOptions} */
const page = {
  platform: "browser",
  target: "es2022",
  format: "iife",
  minify: true,
  define: { "process.env.NODE_ENV": '"production"' },
  loader: { ".ttf": "file" },
  assetNames: "[name]",
  plugins: [onlyFlowcharts()],
};

/** A TypeScript server plugin is a function, which an ES module cannot export as the module itself. */
const pluginIsTheModule = { js: "module.exports = module.exports.init;" };

/**
 * @typedef {object} Bundle
 * @property {string} name also the name of its metafile in dist/meta
 * @property {string} entry
 * @property {string} outfile
 * @property {esbuild.BuildOptions} options
 */

/** Their literal types tell esbuild's declarations what its result holds. */
const yes = /** @type {const} */ (true);
const no = /** @type {const} */ (false);

/** @type {readonly Bundle[]} */
export const bundles = [
  {
    name: "api",
    entry: "runtime/src/index.ts",
    outfile: "dist/runtime/index.js",
    options: unlinked(withoutTesting(nodeModule, "./testing.js")),
  },
  {
    name: "api-commonjs",
    entry: "runtime/src/index.ts",
    outfile: "dist/runtime/index.cjs",
    options: unlinked(withoutTesting(requiresOnly(nodeCommonJs), "./testing.cjs")),
  },
  {
    name: "testing",
    entry: "runtime/src/testing/entry.ts",
    outfile: "dist/runtime/testing.js",
    options: nodeModule,
  },
  {
    name: "testing-commonjs",
    entry: "runtime/src/testing/entry.ts",
    outfile: "dist/runtime/testing.cjs",
    options: nodeCommonJs,
  },
  // CommonJS starts sooner: an ES module gets a facade of each of Node's own modules, with all that they would load later.
  {
    name: "cli",
    entry: "runtime/src/cli/main.ts",
    outfile: "dist/runtime/cliProgram.cjs",
    options: requiresOnly(nodeCommonJs),
  },
  { name: "engine", entry: "runtime/src/host.ts", outfile: "dist/runtime/host.js", options: nodeModule },
  {
    name: "worker",
    entry: "runtime/src/worker/entry.ts",
    outfile: "dist/runtime/workerProgram.cjs",
    options: requiresOnly(nodeCommonJs),
  },
  {
    name: "templates",
    entry: "runtime/src/worker/templates/engine.ts",
    outfile: "dist/runtime/templates.cjs",
    options: small(nodeCommonJs),
  },
  {
    name: "params",
    entry: "runtime/src/params/schema.ts",
    outfile: "dist/runtime/params.cjs",
    options: small(nodeCommonJs),
  },
  {
    name: "svg",
    entry: "runtime/src/cli/svg/drawGraph.ts",
    outfile: "dist/runtime/svg.cjs",
    options: small(nodeCommonJs),
  },
  {
    name: "width",
    entry: "runtime/src/cli/views/wideText.ts",
    outfile: "dist/runtime/width.cjs",
    options: small(nodeCommonJs),
  },
  { name: "server", entry: "server/src/main.ts", outfile: "dist/server/mainProgram.cjs", options: small(nodeCommonJs) },
  {
    name: "batch",
    entry: "server/src/batch.ts",
    outfile: "dist/server/batchProgram.cjs",
    options: small(nodeCommonJs),
  },
  // Programs are not compiled at every start: these load them.
  { name: "cli-start", entry: "runtime/src/start/cli.ts", outfile: "dist/runtime/cli.cjs", options: nodeCommonJs },
  {
    name: "worker-start",
    entry: "runtime/src/start/entry.ts",
    outfile: "dist/runtime/worker.cjs",
    options: nodeCommonJs,
  },
  { name: "server-start", entry: "runtime/src/start/entry.ts", outfile: "dist/server/main.cjs", options: nodeCommonJs },
  { name: "batch-start", entry: "runtime/src/start/entry.ts", outfile: "dist/server/batch.cjs", options: nodeCommonJs },
  {
    name: "typescript-plugin",
    entry: "server/src/typescriptPlugin.ts",
    outfile: "dist/server/typescriptPlugin.cjs",
    options: { ...nodeCommonJs, footer: pluginIsTheModule },
  },
  {
    name: "extension",
    entry: "client/src/extension.ts",
    outfile: "dist/client/extension.cjs",
    options: small({ ...nodeCommonJs, external: [...keptPackages, "vscode"] }),
  },
  { name: "preview", entry: "webview/src/main.ts", outfile: "dist/webview/preview.js", options: page },
  { name: "preview-style", entry: "webview/src/preview.css", outfile: "dist/webview/preview.css", options: page },
];

/**
 * @param {esbuild.BuildOptions} options
 * @returns {esbuild.BuildOptions}
 */
function small(options) {
  return { ...options, minify: true, keepNames: true };
}

/**
 * A worker would read a map that the file names before it runs the DAG, and never use it: our frames are not shown.
 * @param {esbuild.BuildOptions} options
 * @returns {esbuild.BuildOptions}
 */
function unlinked(options) {
  return { ...options, sourcemap: "external" };
}

/**
 * Test runners that run CommonJS in contexts of their own, as Jest does, know no `import()` there.
 * @param {esbuild.BuildOptions} options
 * @returns {esbuild.BuildOptions}
 */
function requiresOnly(options) {
  return { ...options, supported: { "dynamic-import": false } };
}

/**
 * What `dag().test()` loads is a file of its own beside the bundle, so that a DAG file costs nothing to load.
 * @param {esbuild.BuildOptions} options
 * @param {string} testing
 * @returns {esbuild.BuildOptions}
 */
function withoutTesting(options, testing) {
  /** @type {esbuild.Plugin} */
  const plugin = {
    name: "testing-stays-outside",
    setup: (build) => build.onResolve({ filter: /\/testing\/entry\.js$/ }, () => ({ path: testing, external: true })),
  };
  return { ...options, plugins: [plugin] };
}

/**
 * @param {Bundle} bundle
 * @returns {esbuild.BuildOptions}
 */
function optionsOf(bundle) {
  return {
    absWorkingDir: root,
    entryPoints: [bundle.entry],
    outfile: bundle.outfile,
    bundle: true,
    legalComments: "none",
    logLevel: "warning",
    ...bundle.options,
  };
}

/** Builds the bundles whose sources changed since they were built. */
export async function buildBundles({ all = false } = {}) {
  const stale = [];
  for (const bundle of bundles) {
    if (all || (await isStale(bundle))) stale.push(bundle);
  }
  await mkdir(metaFolder, { recursive: true });
  const results = await Promise.allSettled(stale.map(buildOne));
  const broken = stale.filter((_, index) => results[index]?.status === "rejected").map(({ name }) => name);
  if (broken.length > 0) throw new Error(`These bundles do not build: ${broken.join(", ")}.`);
  return stale.map(({ name }) => name);
}

/** @param {Bundle} bundle */
async function buildOne(bundle) {
  const startedAt = new Date();
  const result = await esbuild.build({ ...optionsOf(bundle), metafile: yes, write: no });
  for (const file of result.outputFiles) await writeWhole(file.path, file.contents);
  await writeWhole(metafileOf(bundle), JSON.stringify({ ...result.metafile, startedAt }));
}

/** @param {Bundle} bundle */
export function metafileOf(bundle) {
  return path.join(metaFolder, `${bundle.name}.json`);
}

/**
 * A process that starts meanwhile sees the old file or the new one, never half of it.
 * @param {string} file
 * @param {string | Uint8Array} contents
 */
async function writeWhole(file, contents) {
  await mkdir(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  await writeFile(partial, contents, { mode: file.endsWith("cli.cjs") ? 0o755 : 0o644 });
  await rename(partial, file);
}

/** @param {Bundle} bundle */
async function isStale(bundle) {
  const metafile = metafileOf(bundle);
  if (!existsSync(metafile) || !existsSync(path.join(root, bundle.outfile))) return true;
  const { inputs, startedAt } = JSON.parse(await readFile(metafile, "utf8"));
  const builtAt = Date.parse(startedAt);
  const own = Object.keys(inputs).filter((input) => !input.includes("node_modules") && !input.includes(":"));
  for (const input of [...own, "esbuild.mjs", "package-lock.json"]) {
    const file = path.join(root, input);
    if (!existsSync(file) || (await stat(file)).mtimeMs > builtAt) return true;
  }
  return false;
}

/** Keeps all bundles built until the process ends. */
export async function watchBundles() {
  const contexts = await Promise.all(
    bundles.map((bundle) => esbuild.context({ ...optionsOf(bundle), minify: false, logLevel: "info" })),
  );
  await Promise.all(contexts.map((context) => context.watch()));
}
