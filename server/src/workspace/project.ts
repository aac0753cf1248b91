import { ts } from "ts-morph";
import type { Documents } from "./documents.js";
import { ModuleResolver } from "./moduleResolver.js";
import { LIB_FOLDER, bucketOf, type SourceFiles } from "./sourceFiles.js";

/**
 * The files that share one tsconfig.json. The program is rebuilt from the last one when something changed: only
 * changed files are parsed and bound again. (ts-morph's own sync of edited files costs ten times as much.)
 */
export class ProgramProject {
  readonly resolver: ModuleResolver;
  readonly #roots = new Set<string>();
  readonly #host: ts.CompilerHost;
  #program: ts.Program | undefined;
  #stale = true;

  constructor(
    private readonly documents: Documents,
    sourceFiles: SourceFiles,
    private readonly options: ts.CompilerOptions,
    bundledTypes: string,
    /** Where `@types` packages are looked for when no tsconfig.json says otherwise. */
    directory: string,
  ) {
    this.resolver = new ModuleResolver(documents, options, bundledTypes);
    this.#host = createHost(documents, sourceFiles, options, this.resolver, directory);
  }

  addRoot(fileName: string): void {
    if (this.#roots.has(fileName)) return;
    this.#roots.add(fileName);
    this.#stale = true;
  }

  removeRoot(fileName: string): void {
    if (this.#roots.delete(fileName)) this.#stale = true;
  }

  contains(fileName: string): boolean {
    return this.#program?.getSourceFile(fileName) !== undefined;
  }

  /** Some file's text changed. */
  invalidate(): void {
    this.#stale = true;
  }

  program(): ts.Program {
    if (this.#program === undefined || this.#stale) {
      const { options } = this;
      const rootNames = [...this.#roots].filter((fileName) => this.documents.fileExists(fileName));
      const old = this.#program;
      this.#program = ts.createProgram({ rootNames, options, host: this.#host, ...(old ? { oldProgram: old } : {}) });
      this.#stale = false;
    }
    return this.#program;
  }
}

function createHost(
  documents: Documents,
  sourceFiles: SourceFiles,
  options: ts.CompilerOptions,
  resolver: ModuleResolver,
  directory: string,
): ts.CompilerHost {
  const bucket = bucketOf(options);
  return {
    getSourceFile: (fileName, languageVersion) => sourceFiles.get(bucket, fileName, languageVersion),
    getDefaultLibFileName: (given) => `${LIB_FOLDER}/${ts.getDefaultLibFileName(given)}`,
    getDefaultLibLocation: () => LIB_FOLDER,
    getCurrentDirectory: () => directory,
    getCanonicalFileName: (name) => (documents.caseSensitive ? name : name.toLowerCase()),
    useCaseSensitiveFileNames: () => documents.caseSensitive,
    getNewLine: () => "\n",
    writeFile: () => undefined,
    fileExists: (fileName) => documents.fileExists(fileName),
    readFile: (fileName) => documents.readFile(fileName),
    directoryExists: (directory) => documents.directoryExists(directory),
    getDirectories: (directory) => documents.getDirectories(directory),
    realpath: (path) => documents.realpath(path),
    getModuleResolutionCache: () => resolver.cache,
    resolveModuleNameLiterals: (literals, containingFile, redirected, given, containingSourceFile) =>
      literals.map((literal) => {
        const mode = ts.getModeForUsageLocation(containingSourceFile, literal, given);
        return resolver.resolve(literal.text, containingFile, redirected, mode);
      }),
  };
}
