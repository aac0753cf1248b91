import { ts } from "ts-morph";
import type { Documents } from "./documents.js";

interface Entry {
  readonly text: string;
  readonly sourceFile: ts.SourceFile;
}

/** Where ts-morph keeps TypeScript's `lib` files; they exist only in its file system. */
export const LIB_FOLDER = "/node_modules/typescript/lib";

/** Parsed files that never change: TypeScript's `lib` files. Several workspaces of one process can share them. */
export class LibraryFiles {
  readonly files = new Map<string, ts.SourceFile>();

  constructor(private readonly folders: readonly string[] = [LIB_FOLDER]) {}

  covers(fileName: string): boolean {
    return this.folders.some((folder) => fileName.startsWith(`${folder}/`));
  }
}

/**
 * Parsed files, shared by all programs whose options parse them alike: a second project does not parse the `lib`
 * files again, and an edit parses only the edited file.
 */
export class SourceFiles {
  readonly #entries = new Map<string, Map<string, Entry>>();

  constructor(
    private readonly documents: Documents,
    private readonly library: LibraryFiles,
    /** Files that were parsed there are not parsed again. */
    private readonly parent?: SourceFiles,
  ) {}

  get(
    bucket: string,
    fileName: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    if (this.library.covers(fileName)) return this.#libraryFile(bucket, fileName, options);
    const entries = this.#bucket(bucket);
    const known = entries.get(fileName) ?? this.parent?.known(bucket, fileName);
    const open = this.documents.get(fileName);
    // A closed file stays as it was read until `forget` is told that it changed.
    if (known !== undefined && (open === undefined || open.text === known.text)) return known.sourceFile;
    const text = this.documents.readFile(fileName);
    if (text === undefined) return undefined;
    const sourceFile = ts.createSourceFile(fileName, text, options, /* setParentNodes */ true);
    entries.set(fileName, { text, sourceFile });
    return sourceFile;
  }

  /** A file that was parsed already. */
  known(bucket: string, fileName: string): Entry | undefined {
    return this.#entries.get(bucket)?.get(fileName);
  }

  forget(fileName: string): void {
    for (const entries of this.#entries.values()) entries.delete(fileName);
  }

  #libraryFile(
    bucket: string,
    fileName: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const key = `${bucket} ${fileName}`;
    const known = this.library.files.get(key);
    const text = known === undefined ? this.documents.readFile(fileName) : undefined;
    if (text === undefined) return known;
    const sourceFile = ts.createSourceFile(fileName, text, options, /* setParentNodes */ true);
    this.library.files.set(key, sourceFile);
    return sourceFile;
  }

  #bucket(bucket: string): Map<string, Entry> {
    let entries = this.#entries.get(bucket);
    if (entries === undefined) {
      entries = new Map();
      this.#entries.set(bucket, entries);
    }
    return entries;
  }
}

/** What of the options changes how a file is parsed or bound. */
export function bucketOf(options: ts.CompilerOptions): string {
  const { target, module, moduleResolution, moduleDetection, jsx, strict, alwaysStrict, checkJs } = options;
  return JSON.stringify([target, module, moduleResolution, moduleDetection, jsx, strict, alwaysStrict, checkJs]);
}
