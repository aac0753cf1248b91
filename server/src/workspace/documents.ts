import { ts, type FileSystemHost } from "ts-morph";
import { Project } from "ts-morph";

export interface OpenDocument {
  readonly text: string;
  /** The editor's number for this text. */
  readonly version: number;
}

/**
 * Every file as the person sees it: open documents first, then the file system. TypeScript's own `lib` files come
 * from ts-morph, which carries their text.
 */
export class Documents {
  readonly #open = new Map<string, OpenDocument>();
  readonly #disk: ts.ModuleResolutionHost;

  constructor(readonly fileSystem: FileSystemHost | undefined) {
    const project = new Project(fileSystem === undefined ? {} : { fileSystem });
    this.#disk = project.getModuleResolutionHost();
  }

  set(fileName: string, document: OpenDocument): void {
    this.#open.set(fileName, document);
  }

  delete(fileName: string): boolean {
    return this.#open.delete(fileName);
  }

  get(fileName: string): OpenDocument | undefined {
    return this.#open.get(fileName);
  }

  isOpen(fileName: string): boolean {
    return this.#open.has(fileName);
  }

  openFiles(): IterableIterator<string> {
    return this.#open.keys();
  }

  readFile(fileName: string): string | undefined {
    const open = this.#open.get(fileName);
    return open === undefined ? this.readDisk(fileName) : open.text;
  }

  /** Without what an editor has not saved. */
  readDisk(fileName: string): string | undefined {
    try {
      return this.#disk.readFile(fileName);
    } catch {
      return undefined; // not there, a folder, or not readable: all the same to TypeScript
    }
  }

  fileExists(fileName: string): boolean {
    return this.#open.has(fileName) || this.#disk.fileExists(fileName);
  }

  directoryExists(directory: string): boolean {
    return this.#disk.directoryExists?.(directory) ?? true;
  }

  getDirectories(directory: string): string[] {
    return this.directoryExists(directory) ? (this.#disk.getDirectories?.(directory) ?? []) : [];
  }

  realpath(path: string): string {
    try {
      return this.#disk.realpath?.(path) ?? path;
    } catch {
      return path;
    }
  }

  get caseSensitive(): boolean {
    return this.fileSystem?.isCaseSensitive() ?? ts.sys.useCaseSensitiveFileNames;
  }
}

/** TypeScript's form of a path: absolute, forward slashes. */
export function toFileName(path: string): string {
  return path.replaceAll("\\", "/");
}
