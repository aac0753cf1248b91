import { promises } from "node:fs";
import { isBuiltin } from "node:module";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type {
  ImportKind,
  Loader,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  Plugin,
  PluginBuild,
  ResolveResult,
} from "esbuild";

/** Absolute paths of package files that a bundle imports. */
export type Externals = Set<string>;

const META_NAMESPACE = "fanout-meta";
const META_USE = /\bimport\.meta\.(?:url|dirname|filename)\b|\b__(?:dirname|filename)\b/;
const MODULE_SYNTAX = /^\s*(?:import|export)\b|\bimport\.meta\b/m;
const SOURCE = /\.[cm]?[jt]sx?$/;

/** Gives every file its own `import.meta.url`, `__dirname` and so on: the bundle lies elsewhere. */
export function perFileMeta(): Plugin {
  return {
    name: "fanout-per-file-meta",
    setup(build) {
      build.onResolve({ filter: /^fanout-meta:/ }, ({ path: name }) => ({
        path: name.slice(META_NAMESPACE.length + 1),
        namespace: META_NAMESPACE,
      }));
      build.onLoad({ filter: /.*/, namespace: META_NAMESPACE }, ({ path: file }) => ({
        contents: metaOf(file, "export "),
      }));
      build.onLoad({ filter: SOURCE }, ({ path: file }) => loadWithMeta(file));
    },
  };
}

/** Nothing in front of the source is moved, so that every position stays right. */
async function loadWithMeta(file: string): Promise<OnLoadResult | undefined> {
  const source = await promises.readFile(file, "utf8");
  if (!META_USE.test(source)) return undefined;
  if (!MODULE_SYNTAX.test(source))
    return { contents: metaOf(file, "").replaceAll("\n", "") + source, loader: loaderOf(file) };
  const from = JSON.stringify(`${META_NAMESPACE}:${file}`);
  // Imports are hoisted wherever they stand.
  const hoisted = `\nimport { __fanoutUrl, __fanoutFile, __fanoutFolder } from ${from};`;
  return { contents: source + hoisted, loader: loaderOf(file) };
}

function metaOf(file: string, prefix: string): string {
  const values = { __fanoutUrl: pathToFileURL(file).href, __fanoutFile: file, __fanoutFolder: path.dirname(file) };
  return Object.entries(values)
    .map(([name, value]) => `${prefix}const ${name} = ${JSON.stringify(value)};\n`)
    .join("");
}

function loaderOf(file: string): Loader {
  const extension = path.extname(file);
  const base = extension.includes("ts") ? "ts" : "js";
  return extension.endsWith("x") ? `${base}x` : base;
}

/**
 * Packages are imported from where the importing file finds them, by their absolute address, since the bundle lies in
 * a folder that finds none of them. What a tsconfig maps to a file of the project is bundled like any other file.
 */
export function resolvePackages(libraryFile: (kind: "module" | "commonjs") => string, externals: Externals): Plugin {
  return {
    name: "fanout-resolve-packages",
    setup(build) {
      build.onResolve({ filter: /^[^./]/ }, async (args) => {
        if (args.kind === "entry-point" || isInner(args) || path.isAbsolute(args.path)) return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        if (args.path === "fanout" || args.path === "fanout/testing") {
          const library = libraryFile(isRequire(args.kind) ? "commonjs" : "module");
          return external(args.path === "fanout" ? library : testingBeside(library), args.kind);
        }
        return resolvePackage(build, args, externals);
      });
    },
  };
}

/** `testing.js` for `index.js`. */
function testingBeside(library: string): string {
  return path.join(path.dirname(library), path.basename(library).replace("index", "testing"));
}

const INNER = Symbol("already being resolved");

function isInner(args: OnResolveArgs): boolean {
  return args.pluginData === INNER;
}

async function resolvePackage(
  build: PluginBuild,
  { path: name, importer, resolveDir, kind }: OnResolveArgs,
  externals: Externals,
): Promise<OnResolveResult | undefined> {
  const found = await resolveSource(name, (one) =>
    build.resolve(one, { importer, resolveDir, kind, pluginData: INNER }),
  );
  // esbuild then says it itself, with the place.
  if (!found) return undefined;
  if (found.external || found.namespace !== "file") return { path: found.path, external: found.external };
  const isPackage = found.path.includes(`${path.sep}node_modules${path.sep}`);
  const isCode = /\.(?:[cm]?js|node)$/.test(found.path) || path.extname(found.path) === "";
  if (!isPackage || !isCode) return { path: found.path };
  externals.add(found.path);
  return external(found.path, kind);
}

/** A name that a tsconfig maps may end as the compiled file will, which esbuild translates in relative names only. */
async function resolveSource(
  name: string,
  resolve: (name: string) => Promise<ResolveResult>,
): Promise<ResolveResult | null> {
  const [, stem, kind] = /^(.*)\.([cm]?)js$/.exec(name) ?? [];
  const sources = stem === undefined ? [] : [`${stem}.${String(kind)}ts`, ...(kind === "" ? [`${stem}.tsx`] : [])];
  for (const one of [name, ...sources]) {
    const found = await resolve(one);
    if (found.errors.length === 0) return found;
  }
  return null;
}

/** Addons stay where they are: what they load lies beside them. */
export function resolveAddons(externals: Externals): Plugin {
  return {
    name: "fanout-resolve-addons",
    setup(build) {
      build.onResolve({ filter: /^\.{0,2}[\\/].*\.node$/ }, ({ path: name, resolveDir, kind }) => {
        const file = path.resolve(resolveDir, name);
        externals.add(file);
        return external(file, kind);
      });
    },
  };
}

function external(file: string, kind: ImportKind): OnResolveResult {
  return { path: isRequire(kind) ? file : pathToFileURL(file).href, external: true };
}

function isRequire(kind: ImportKind): boolean {
  return kind === "require-call" || kind === "require-resolve";
}
