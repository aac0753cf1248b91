/** Reads what esbuild says it put into each bundle, and refuses what must not be there. */
import { readFileSync } from "node:fs";
import { bundles, metafileOf } from "../esbuild.mjs";

/** @typedef {{ folders: readonly string[], packages: readonly RegExp[], externals?: readonly string[] }} Refusal */

/** Never shipped by anyone: these come along with other packages when nobody looks. */
const nowhere = [/^react(-dom)?$/, /^katex$/, /^cytoscape/, /^fast-check$/, /^vitest$/, /^piscina$/];
const reading = [/^@?ts-morph/, /^typescript/];
const drawing = [/^mermaid/, /^d3/, /^elkjs/, /^@vscode\/webview-ui-toolkit/, /^@microsoft\/fast/];

/** By the folder that a bundle's entry lies in: folders and packages it must not contain. @type {Record<string, Refusal>} */
const refusals = {
  runtime: {
    folders: ["server", "client", "webview", "test", "scripts"],
    packages: [...reading, ...drawing, /^vscode/],
    externals: ["vscode"],
  },
  server: {
    folders: ["runtime", "client", "webview", "test", "scripts"],
    packages: [...drawing, /^vscode-languageclient/, /^esbuild/, /^node-sqlite3/],
    externals: ["vscode", "esbuild", "node-sqlite3-wasm"],
  },
  client: {
    folders: ["runtime", "server", "webview", "test", "scripts"],
    packages: [...reading, ...drawing, /^vscode-languageserver$/],
    externals: ["esbuild", "node-sqlite3-wasm"],
  },
  webview: {
    folders: ["runtime", "server", "client", "test", "scripts"],
    packages: [...reading, /^vscode-language/],
    externals: ["vscode"],
  },
};

/** The authoring API is loaded by every DAG file: it must stay without the engine and without any package. */
const apiHasNoPackage = ["api", "api-commonjs"];

/** The plugin runs inside the editor's TypeScript and gets that TypeScript as an argument. */
const pluginStaysSmall = { bundle: "typescript-plugin", packages: reading };

/** @param {string} input */
function packageOf(input) {
  const after = input.split("node_modules/").pop();
  if (after === undefined || after === input) return null;
  const [first = "", second = ""] = after.split("/");
  return first.startsWith("@") ? `${first}/${second}` : first;
}

/** @param {import("../esbuild.mjs").Bundle} bundle */
function problemsOf(bundle) {
  /** @type {import("esbuild").Metafile} */
  const { inputs, outputs } = JSON.parse(readFileSync(metafileOf(bundle), "utf8"));
  const refused = refusals[bundle.entry.split("/")[0] ?? ""];
  if (refused === undefined) return [`${bundle.name}: nothing says what may be in it`];
  const inBundle = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  const packages = new Set(inBundle.flatMap(([input]) => packageOf(input) ?? []));
  const folders = new Set(Object.keys(inputs).map((input) => input.split("/")[0] ?? ""));
  const externals = Object.values(outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
  const patterns = [
    ...nowhere,
    ...refused.packages,
    ...(apiHasNoPackage.includes(bundle.name) ? [/./] : []),
    ...(pluginStaysSmall.bundle === bundle.name ? pluginStaysSmall.packages : []),
  ];
  return [
    ...[...packages].filter((name) => patterns.some((pattern) => pattern.test(name))),
    ...[...folders].filter((folder) => refused.folders.includes(folder)).map((folder) => `${folder}/`),
    ...externals.map(({ path }) => path).filter((path) => refused.externals?.includes(path)),
  ].map((found) => `${bundle.outfile} contains ${found}`);
}

const problems = bundles.flatMap(problemsOf);
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`${bundles.length} bundles contain what they may`);
process.exitCode = problems.length === 0 ? 0 : 1;
