import { createHash } from "node:crypto";
import { fanoutImport, localImports, MAX_SNIFFED, MAX_SNIFF_DEPTH, type SniffHost } from "./sniff.js";

/** One file's text as the person sees it; what is asked of it is worked out when it is asked. */
class Module {
  #hash: string | undefined;
  #imports: readonly string[] | undefined;
  readonly importsFanout: boolean;

  constructor(
    private readonly fileName: string,
    private readonly text: string,
    private readonly host: SniffHost,
  ) {
    this.importsFanout = fanoutImport.test(text);
  }

  get hash(): string {
    return (this.#hash ??= createHash("sha1").update(this.text).digest("hex"));
  }

  /** Local files, as far as they could be found. */
  get imports(): readonly string[] {
    return (this.#imports ??= localImports(this.fileName, this.text, this.host));
  }
}

/**
 * What the files of the workspace import, by their text alone: tells DAG files from others, which of them an edit
 * concerns, and whether a file has to be read again. Nothing is parsed or bound for it.
 */
export class ModuleGraph {
  readonly #modules = new Map<string, Module | null>();

  constructor(private readonly host: SniffHost) {}

  /** Imports fanout, directly or through a helper. */
  isDagFile(fileName: string): boolean {
    const seen = new Set([fileName]);
    let level = [fileName];
    for (let depth = 0; depth <= MAX_SNIFF_DEPTH && level.length > 0; depth++) {
      const modules = level.map((file) => this.#module(file));
      if (modules.some((module) => module?.importsFanout === true)) return true;
      if (seen.size >= MAX_SNIFFED) return false;
      level = modules.flatMap((module) => module?.imports ?? []).filter((file) => !seen.has(file));
      for (const file of level) seen.add(file);
    }
    return false;
  }

  /** The file and everything local that it imports, however deep. */
  closure(fileName: string): ReadonlySet<string> {
    const found = new Set([fileName]);
    for (const file of found) for (const imported of this.#module(file)?.imports ?? []) found.add(imported);
    return found;
  }

  /** The same as long as the file and all that it imports have the same text; undefined where there is no such file. */
  key(fileName: string): string | undefined {
    if (this.#module(fileName) === null) return undefined;
    const hash = createHash("sha1");
    for (const file of this.closure(fileName)) hash.update(`${file}\n${this.#module(file)?.hash ?? ""}\n`);
    return hash.digest("hex");
  }

  /** Those of the files that have the changed one among what they import, or are it. */
  dependants(changed: string, files: Iterable<string>): string[] {
    return [...files].filter((file) => this.closure(file).has(changed));
  }

  /** The file's text changed. */
  forget(fileName: string): void {
    this.#modules.delete(fileName);
  }

  /** Files came or went: imports may lead elsewhere. */
  clear(): void {
    this.#modules.clear();
  }

  #module(fileName: string): Module | null {
    const known = this.#modules.get(fileName);
    if (known !== undefined) return known;
    const module = this.#look(fileName);
    this.#modules.set(fileName, module);
    return module;
  }

  #look(fileName: string): Module | null {
    const text = this.host.readFile(fileName);
    return text === undefined ? null : new Module(fileName, text, this.host);
  }
}
