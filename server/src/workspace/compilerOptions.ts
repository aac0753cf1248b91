import { posix } from "node:path";
import { Project, ts, type FileSystemHost } from "ts-morph";
import type { Documents } from "./documents.js";

/** For files without a tsconfig.json: what a new project would choose. */
const DEFAULTS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  allowImportingTsExtensions: true,
  strict: true,
  types: ["node"],
};

/** Reading needs JavaScript and JSON files too, and never writes. */
const READING: ts.CompilerOptions = {
  allowJs: true,
  resolveJsonModule: true,
  noEmit: true,
  composite: false,
  incremental: false,
  skipLibCheck: true,
};

/** The nearest tsconfig.json above the file, or undefined. */
export function findTsConfig(documents: Documents, fileName: string): string | undefined {
  for (let folder = posix.dirname(fileName); ; folder = posix.dirname(folder)) {
    const candidate = posix.join(folder, "tsconfig.json");
    if (documents.fileExists(candidate)) return candidate;
    if (posix.dirname(folder) === folder) return undefined;
  }
}

/** Never fails: a tsconfig.json that cannot be read counts as none. */
export function readCompilerOptions(
  tsConfig: string | undefined,
  fileSystem: FileSystemHost | undefined,
): ts.CompilerOptions {
  if (tsConfig === undefined) return { ...DEFAULTS, ...READING };
  try {
    const project = new Project({
      tsConfigFilePath: tsConfig,
      skipAddingFilesFromTsConfig: true,
      skipFileDependencyResolution: true,
      ...(fileSystem === undefined ? {} : { fileSystem }),
    });
    const options = project.getCompilerOptions();
    return isSolution(options) ? { ...DEFAULTS, ...READING } : { ...options, ...READING };
  } catch {
    return { ...DEFAULTS, ...READING };
  }
}

/** A tsconfig.json that only lists references says nothing about how a file beside it is compiled. */
function isSolution(options: ts.CompilerOptions): boolean {
  const { configFilePath: _configFilePath, ...rest } = options;
  return Object.keys(rest).length === 0;
}
