import { cpSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import {
  copyInto,
  emptyStage,
  fieldsOfManifest,
  keptDependencies,
  manifest,
  present,
  writeManifest,
} from "./stage.mjs";

const plugin = "fanout-typescript-plugin";

const files = [
  ...["dist/client", "dist/server", "dist/runtime", "dist/webview", "dist/types"],
  ...["docs/rules", "docs/images", "schemas", "media", "README.md", "CHANGELOG.md", "LICENSE"],
];

const manifestFields = [
  ...["name", "displayName", "version", "description", "publisher", "license", "repository", "icon"],
  ...["categories", "keywords", "type", "main", "activationEvents", "contributes", "capabilities"],
];

/** An extension's marketplace name for the platform it was built on: esbuild brings a binary. */
const target = `${process.platform}-${process.arch}`;

/** A second copy of the binary, for the shell; the library starts the one of the platform's package. */
const commandOfEsbuild = inRoot("node_modules/esbuild/bin/esbuild");

/** Larger than this means that something was bundled by accident. */
const sizeLimit = 20 * 1024 * 1024;

/**
 * Makes dist/vsix and the .vsix beside it.
 * @returns {Promise<string>} the .vsix
 */
export async function packageVsix() {
  const stage = emptyStage("vsix");
  copyInto(stage, present(files));
  copyPackages(stage);
  writePlugin(stage);
  writeManifest(stage, {
    ...fieldsOfManifest(manifestFields),
    engines: { vscode: manifest.engines.vscode },
    dependencies: { ...keptDependencies(), [plugin]: manifest.version },
  });
  // Everything in the staging folder is wanted, but maps of code that is not ours.
  writeFileSync(path.join(stage, ".vscodeignore"), "dist/server/*.map\n");
  const vsix = inRoot("dist", `${manifest.name}-${manifest.version}-${target}.vsix`);
  const { createVSIX, listFiles } = await import("@vscode/vsce");
  await createVSIX({ cwd: stage, packagePath: vsix, target, rewriteRelativeLinks: false, skipLicense: false });
  check(vsix, await listFiles({ cwd: stage }));
  return vsix;
}

/**
 * The kept packages with what they need, as installed here.
 * @param {string} stage
 */
function copyPackages(stage) {
  const platformPackage = `@esbuild/${target}`;
  for (const name of [...Object.keys(keptDependencies()), platformPackage]) {
    const to = path.join(stage, "node_modules", name);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(inRoot("node_modules", name), to, { recursive: true, filter: (from) => from !== commandOfEsbuild });
  }
}

/**
 * TypeScript looks for plugins in the node_modules of the extension and nowhere else.
 * @param {string} stage
 */
function writePlugin(stage) {
  const folder = path.join(stage, "node_modules", plugin);
  mkdirSync(folder, { recursive: true });
  cpSync(inRoot("dist/server/typescriptPlugin.cjs"), path.join(folder, "index.js"));
  const own = { name: plugin, version: manifest.version, private: true, type: "commonjs", main: "index.js" };
  writeFileSync(path.join(folder, "package.json"), `${JSON.stringify(own, null, 2)}\n`);
}

/**
 * @param {string} vsix
 * @param {readonly string[]} contents
 */
function check(vsix, contents) {
  const needed = [
    ...["package.json", "README.md", "LICENSE", "dist/client/extension.cjs", "dist/server/main.cjs"],
    "dist/server/mainProgram.cjs",
    ...["dist/runtime/index.js", "dist/runtime/cli.cjs", "dist/runtime/host.js", "dist/runtime/worker.cjs"],
    ...["dist/webview/preview.js", "dist/webview/preview.css", "dist/types/index.d.ts"],
    ...["node_modules/esbuild/package.json", `node_modules/@esbuild/${target}/package.json`],
    ...["node_modules/node-sqlite3-wasm/package.json", `node_modules/${plugin}/index.js`],
    ...readdirSync(inRoot("docs/rules")).map((file) => `docs/rules/${file}`),
  ];
  const missing = needed.filter((file) => !contents.includes(file));
  const unwanted = contents.filter((file) =>
    /^(test|scripts|bench|examples|core|runtime|server|client|webview)\//.test(file),
  );
  const { size } = statSync(vsix);
  if (missing.length > 0) throw new Error(`The .vsix lacks ${missing.join(", ")}.`);
  if (unwanted.length > 0) throw new Error(`The .vsix must not contain ${unwanted.join(", ")}.`);
  if (size > sizeLimit) throw new Error(`The .vsix has ${size} bytes, more than ${sizeLimit}.`);
}
