import type { FileFacts } from "../analysis/facts.js";
import type { TypeQueries } from "../analysis/typeQueries.js";

export interface WorkspaceOptions {
  /** fanout's own `index.d.ts`, or the folder it lies in: used where a workspace has no `node_modules/fanout`. */
  readonly bundledTypes: string;
  /** Files outside the editor; the real file system where left out. */
  readonly host?: WorkspaceHost;
}

/** What the workspace needs of a file system. Paths are absolute, with forward slashes. */
export interface WorkspaceHost {
  readFile(fileName: string): string | undefined;
  fileExists(fileName: string): boolean;
  directoryExists(directory: string): boolean;
  getDirectories(directory: string): string[];
  realpath(path: string): string;
  readonly caseSensitive: boolean;
}

/** An LSP `CancellationToken` is one. */
export interface Cancellation {
  readonly isCancellationRequested: boolean;
}

/** Open documents over files on disk, their programs, and what reading found in them. */
export class Workspace {
  constructor(readonly options: WorkspaceOptions) {}

  openDocument(_fileName: string, _text: string, _version: number): void {
    throw new Error("not written yet");
  }

  changeDocument(_fileName: string, _text: string, _version: number): void {
    throw new Error("not written yet");
  }

  closeDocument(_fileName: string): void {
    throw new Error("not written yet");
  }

  /** A file that is not open was made, changed or deleted on disk. */
  fileChanged(_fileName: string): void {
    throw new Error("not written yet");
  }

  /** Closed files that are about to be analysed together, so that they share one program. */
  addFiles(_fileNames: readonly string[]): void {
    throw new Error("not written yet");
  }

  /** Cheap: does the text import fanout, directly or through a helper? */
  isDagFile(_fileName: string): boolean {
    throw new Error("not written yet");
  }

  /** Phase 1, without types. Kept until one of the facts' dependencies changes. Never throws. */
  analyze(_fileName: string, _cancellation?: Cancellation): FileFacts {
    throw new Error("not written yet");
  }

  /** Phase 2. Valid, like the nodes in the facts, until the next change of any document. */
  typeQueries(_fileName: string): TypeQueries {
    throw new Error("not written yet");
  }

  /** Open DAG files whose facts depend on the file. */
  dependants(_fileName: string): string[] {
    throw new Error("not written yet");
  }
}
