import { ts } from "ts-morph";
import type { Documents } from "./documents.js";

interface Entry {
  readonly text: string;
  readonly sourceFile: ts.SourceFile;
}

/**
 * Parsed files, shared by all programs whose options parse them alike: a second project does not parse the `lib`
 * files again, and an edit parses only the edited file.
 */
export class SourceFiles {
  readonly #entries = new Map<string, Map<string, Entry>>();

  constructor(private readonly documents: Documents) {}

  get(
    bucket: string,
    fileName: string,
    options: ts.ScriptTarget | ts.CreateSourceFileOptions,
  ): ts.SourceFile | undefined {
    const entries = this.#bucket(bucket);
    const known = entries.get(fileName);
    const open = this.documents.get(fileName);
    // A closed file stays as it was read until `forget` is told that it changed.
    if (known !== undefined && (open === undefined || open.text === known.text)) return known.sourceFile;
    const text = this.documents.readFile(fileName);
    if (text === undefined) return undefined;
    const sourceFile = ts.createSourceFile(fileName, text, options, /* setParentNodes */ true);
    entries.set(fileName, { text, sourceFile });
    return sourceFile;
  }

  forget(fileName: string): void {
    for (const entries of this.#entries.values()) entries.delete(fileName);
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
