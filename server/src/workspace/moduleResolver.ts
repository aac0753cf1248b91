import { posix } from "node:path";
import { ts } from "ts-morph";
import type { Documents } from "./documents.js";

const API = /^fanout(\/.*)?$/;

/**
 * Resolves imports as TypeScript does, remembers what each file imports, and gives fanout's own bundled types where
 * the workspace has none.
 */
export class ModuleResolver {
  /** Programs look into it, too: without it they would read every package.json above every file at every edit. */
  readonly cache: ts.ModuleResolutionCache;
  readonly #imports = new Map<string, Set<string>>();
  readonly #apiEntries = new Set<string>();
  readonly #bundled: string;

  constructor(
    private readonly documents: Documents,
    private readonly options: ts.CompilerOptions,
    bundledTypes: string,
  ) {
    this.cache = ts.createModuleResolutionCache("/", (name) => name, options);
    this.#bundled = documents.directoryExists(bundledTypes) ? posix.join(bundledTypes, "index.d.ts") : bundledTypes;
  }

  /** The files that `fanout` resolved to so far. */
  get apiEntries(): ReadonlySet<string> {
    return this.#apiEntries;
  }

  /** The files that a file imports, as far as they could be found. */
  importsOf(fileName: string): ReadonlySet<string> {
    return this.#imports.get(fileName) ?? new Set();
  }

  resolve(
    specifier: string,
    containingFile: string,
    redirected?: ts.ResolvedProjectReference,
    mode?: ts.ResolutionMode,
  ): ts.ResolvedModuleWithFailedLookupLocations {
    const lookFrom = (file: string): ts.ResolvedModuleWithFailedLookupLocations =>
      ts.resolveModuleName(specifier, file, this.options, this.documents, this.cache, redirected, mode);
    const named = lookFrom(containingFile);
    const found = named.resolvedModule === undefined ? this.#besideRealFile(containingFile, lookFrom, named) : named;
    const result = API.test(specifier) && !hasTypes(found.resolvedModule) ? this.#bundledModule() : found;
    this.#remember(specifier, containingFile, result.resolvedModule);
    return result;
  }

  /**
   * Executing looks beside the file that a symbolic link leads to. Reading does so second: in a folder that was opened
   * through a link, the editor's buffers have the names that go through it.
   */
  #besideRealFile<T>(containingFile: string, lookFrom: (file: string) => T, otherwise: T): T {
    const real = this.documents.realpath(containingFile);
    return real === containingFile ? otherwise : lookFrom(real);
  }

  #remember(specifier: string, containingFile: string, resolved: ts.ResolvedModuleFull | undefined): void {
    if (resolved === undefined) return;
    if (specifier === "fanout") this.#apiEntries.add(resolved.resolvedFileName);
    let imports = this.#imports.get(containingFile);
    if (imports === undefined) {
      imports = new Set();
      this.#imports.set(containingFile, imports);
    }
    imports.add(resolved.resolvedFileName);
  }

  #bundledModule(): ts.ResolvedModuleWithFailedLookupLocations {
    const extension = this.#bundled.endsWith(".d.ts") ? ts.Extension.Dts : ts.Extension.Ts;
    return { resolvedModule: { resolvedFileName: this.#bundled, extension, isExternalLibraryImport: false } };
  }
}

/** JavaScript alone tells the checker nothing: fanout's own types are better than that. */
function hasTypes(module: ts.ResolvedModuleFull | undefined): boolean {
  return module !== undefined && !/\.[cm]?jsx?$/.test(module.resolvedFileName);
}
