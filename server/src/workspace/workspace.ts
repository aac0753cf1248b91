import { posix } from "node:path";
import { ts, type FileSystemHost } from "ts-morph";
import { readDagFile } from "../analysis/analyze.js";
import { ApiIndex } from "../analysis/apiIndex.js";
import { CheckerQueries } from "../analysis/checkerQueries.js";
import type { FileFacts } from "../analysis/facts.js";
import { TimeLimit } from "../analysis/timeLimit.js";
import type { TypeQueries } from "../analysis/typeQueries.js";
import { findTsConfig, readCompilerOptions } from "./compilerOptions.js";
import { Documents, toFileName } from "./documents.js";
import { ModuleGraph } from "./moduleGraph.js";
import { ProgramProject } from "./project.js";
import { LibraryFiles, SourceFiles } from "./sourceFiles.js";

export interface WorkspaceOptions {
  /** fanout's own `index.d.ts`, or the folder it lies in: used where a workspace has no `node_modules/fanout`. */
  readonly bundledTypes: string;
  /** Files outside the editor; the real file system where left out. */
  readonly fileSystem?: FileSystemHost;
  /** Shares TypeScript's parsed `lib` files with other workspaces of the process. */
  readonly library?: LibraryFiles;
  /** Milliseconds that reading a file, and asking for its types, may take; see `TimeLimit` for what holds otherwise. */
  readonly timeLimit?: number;
}

/** An LSP `CancellationToken` is one. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

interface ProjectKey {
  readonly name: string;
  readonly tsConfig: string | undefined;
  readonly directory: string;
}

/** Open documents over files on disk, their programs, and what reading found in them. */
export class Workspace {
  /** What the files import, by their text. */
  readonly modules: ModuleGraph;
  readonly #documents: Documents;
  readonly #library: LibraryFiles;
  readonly #sourceFiles: SourceFiles;
  readonly #bundledTypes: string;
  readonly #projects = new Map<string, ProgramProject>();
  /** Which project a file belongs to; looking for tsconfig.json at every edit would cost more than reading. */
  readonly #keys = new Map<string, ProjectKey>();
  /** Files that are, or will be, analysed: the roots of the programs. */
  readonly #roots = new Set<string>();
  readonly #facts = new Map<string, FileFacts>();
  readonly #apis = new WeakMap<ts.Program, ApiIndex>();
  readonly #limits = new Map<string, TimeLimit>();
  readonly #timeLimit: number | undefined;

  /** `parent`: a workspace whose documents and parsed files this one shares. */
  constructor(options: WorkspaceOptions, parent?: Workspace) {
    this.#documents = parent === undefined ? new Documents(options.fileSystem) : parent.#documents;
    this.#library = options.library ?? new LibraryFiles();
    this.#sourceFiles = new SourceFiles(
      this.#documents,
      this.#library,
      parent === undefined ? parent : parent.#sourceFiles,
    );
    this.#bundledTypes = toFileName(options.bundledTypes);
    this.#timeLimit = options.timeLimit;
    this.modules = new ModuleGraph({
      readFile: (fileName) => this.#documents.readFile(fileName),
      resolve: (specifier, from) =>
        this.#projectOf(from).resolver.resolve(specifier, from).resolvedModule?.resolvedFileName,
    });
  }

  /**
   * A workspace over the same documents with programs of its own: what is read in it leaves nothing behind in the
   * programs of the open files. It holds until a document or file changes.
   */
  fork(): Workspace {
    const timeLimit = this.#timeLimit === undefined ? {} : { timeLimit: this.#timeLimit };
    return new Workspace({ bundledTypes: this.#bundledTypes, library: this.#library, ...timeLimit }, this);
  }

  openDocument(path: string, text: string, version: number): void {
    const fileName = toFileName(path);
    const isNew = !this.#documents.fileExists(fileName);
    this.#documents.set(fileName, { text, version });
    if (isNew) this.#forgetStructure();
    else this.#forgetText(fileName);
  }

  changeDocument(path: string, text: string, version: number): void {
    const fileName = toFileName(path);
    this.#documents.set(fileName, { text, version });
    this.#forgetText(fileName);
  }

  closeDocument(path: string): void {
    const fileName = toFileName(path);
    if (!this.#documents.delete(fileName)) return;
    this.#sourceFiles.forget(fileName);
    this.#forgetText(fileName);
    this.#roots.delete(fileName);
    this.#projectOf(fileName).removeRoot(fileName);
    if (!this.#documents.fileExists(fileName)) this.#forgetStructure();
  }

  /** A file that is not open was made, changed or deleted on disk; `isEdit`: it is known that it was there before. */
  fileChanged(path: string, isEdit = false): void {
    const fileName = toFileName(path);
    if (this.#documents.isOpen(fileName)) return;
    this.#sourceFiles.forget(fileName);
    const isKnown = [...this.#projects.values()].some((project) => project.contains(fileName));
    // What a package.json says decides where imports lead to, even where a DAG file reads it as data.
    const isManifest = posix.basename(fileName) === "package.json";
    const leadsElsewhere = isManifest || (!isKnown && (!isEdit || fileName.endsWith(".json")));
    if (!leadsElsewhere && this.#documents.fileExists(fileName)) this.#forgetText(fileName);
    else this.#forgetStructure();
  }

  /** Files that are about to be analysed together, so that they share one program. */
  addFiles(paths: readonly string[]): void {
    for (const path of paths) this.#projectWith(toFileName(path));
  }

  /** Cheap: does the text import fanout, directly or through a helper? */
  isDagFile(path: string): boolean {
    const fileName = toFileName(path);
    return this.modules.isDagFile(fileName);
  }

  /** Closed files that nobody will ask about for a while: nothing of them is kept. */
  release(paths: readonly string[]): void {
    for (const path of paths) {
      const fileName = toFileName(path);
      if (this.#documents.isOpen(fileName)) continue;
      this.#roots.delete(fileName);
      this.#projectOf(fileName).removeRoot(fileName);
      this.#sourceFiles.forget(fileName);
      this.#facts.delete(fileName);
      this.#limits.delete(fileName);
    }
  }

  /** Phase 1, without types. Kept until one of the facts' dependencies changes. Never throws. */
  analyze(path: string, cancellation?: Cancellation): FileFacts {
    const fileName = toFileName(path);
    const known = this.#facts.get(fileName);
    if (known !== undefined) return known;
    const project = this.#projectWith(fileName);
    const program = project.program();
    const sourceFile = program.getSourceFile(fileName) ?? emptyFile(fileName);
    const facts = readDagFile({
      sourceFile,
      broken: isBroken(program, sourceFile),
      checksJavaScript: program.getCompilerOptions().checkJs === true,
      checker: program.getTypeChecker(),
      api: this.#apiOf(program, project),
      dependencies: localDependencies(fileName, project),
      limit: this.#limitOf(fileName),
      cancellation,
    });
    if (cancellation?.isCancellationRequested !== true) this.#facts.set(fileName, facts);
    return facts;
  }

  /** Phase 2. Valid, like the nodes in the facts, until the next change of any document. */
  typeQueries(path: string): TypeQueries {
    const fileName = toFileName(path);
    const project = this.#projectWith(fileName);
    const program = project.program();
    const api = this.#apiOf(program, project);
    const { checkJs } = program.getCompilerOptions();
    return new CheckerQueries(program.getTypeChecker(), api, this.#limitOf(fileName), checkJs);
  }

  /** True where neither the file nor anything that it imports has unsaved edits. */
  isAsOnDisk(path: string): boolean {
    const isSaved = (file: string): boolean => this.#documents.get(file)?.text === this.#documents.readDisk(file);
    return [...this.modules.closure(toFileName(path))].every((file) => !this.#documents.isOpen(file) || isSaved(file));
  }

  /** Does TypeScript itself report an error in the line? */
  hasTypeError(path: string, line: number): boolean {
    const fileName = toFileName(path);
    const program = this.#projectWith(fileName).program();
    const sourceFile = program.getSourceFile(fileName);
    const diagnostics = this.#limitOf(fileName).run(() => program.getSemanticDiagnostics(sourceFile)) ?? [];
    return diagnostics.some(({ file, start, category }) => {
      if (file === undefined || start === undefined || category !== ts.DiagnosticCategory.Error) return false;
      return file.getLineAndCharacterOfPosition(start).line === line - 1;
    });
  }

  /** Open files whose facts depend on the file. */
  dependants(path: string): string[] {
    const fileName = toFileName(path);
    return this.modules.dependants(fileName, this.#documents.openFiles());
  }

  /** What was ended in the middle leaves a checker that cannot be asked again; the parsed files are whole. */
  #limitOf(fileName: string): TimeLimit {
    let limit = this.#limits.get(fileName);
    if (limit === undefined) {
      limit = new TimeLimit(() => {
        this.#projectOf(fileName).invalidate();
      }, this.#timeLimit);
      this.#limits.set(fileName, limit);
    }
    return limit;
  }

  #projectWith(fileName: string): ProgramProject {
    this.#roots.add(fileName);
    const project = this.#projectOf(fileName);
    project.addRoot(fileName);
    return project;
  }

  #projectOf(fileName: string): ProgramProject {
    const key = this.#keyOf(fileName);
    const known = this.#projects.get(key.name);
    if (known !== undefined) return known;
    const options = readCompilerOptions(key.tsConfig, this.#documents.fileSystem);
    const project = new ProgramProject(this.#documents, this.#sourceFiles, options, this.#bundledTypes, key.directory);
    this.#projects.set(key.name, project);
    for (const root of this.#roots) {
      if (this.#keyOf(root).name === key.name) project.addRoot(root);
    }
    return project;
  }

  #keyOf(fileName: string): ProjectKey {
    let key = this.#keys.get(fileName);
    if (key === undefined) {
      const tsConfig = findTsConfig(this.#documents, fileName);
      const directory = posix.dirname(tsConfig ?? fileName);
      key = { name: tsConfig ?? directory, tsConfig, directory };
      this.#keys.set(fileName, key);
    }
    return key;
  }

  #apiOf(program: ts.Program, project: ProgramProject): ApiIndex {
    let api = this.#apis.get(program);
    if (api === undefined) {
      api = new ApiIndex(program, project.resolver.apiEntries);
      this.#apis.set(program, api);
    }
    return api;
  }

  #forgetText(fileName: string): void {
    this.modules.forget(fileName);
    for (const project of this.#projects.values()) project.invalidate();
    for (const [analysed, facts] of this.#facts) {
      if (facts.dependencies.includes(fileName)) this.#facts.delete(analysed);
    }
  }

  /** Files came or went: every import may now resolve to something else. Parsed files are kept. */
  #forgetStructure(): void {
    this.#projects.clear();
    this.#keys.clear();
    this.#facts.clear();
    this.#limits.clear();
    this.modules.clear();
  }
}

function emptyFile(fileName: string): ts.SourceFile {
  return ts.createSourceFile(fileName, "", ts.ScriptTarget.Latest, true);
}

function isBroken(program: ts.Program, sourceFile: ts.SourceFile): boolean {
  return program.getSyntacticDiagnostics(sourceFile).length > 0;
}

/** The file and everything it imports, as far as it is neither installed nor fanout itself. */
function localDependencies(fileName: string, { resolver }: ProgramProject): string[] {
  const found = new Set([fileName]);
  for (const file of found) {
    for (const imported of resolver.importsOf(file)) {
      if (!imported.includes("/node_modules/") && !resolver.apiEntries.has(imported)) found.add(imported);
    }
  }
  return [...found];
}
