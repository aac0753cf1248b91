import type { ts } from "ts-morph";
import type { ApiIndex } from "./apiIndex.js";
import type { FileFacts } from "./facts.js";

export interface ReadInput {
  readonly sourceFile: ts.SourceFile;
  readonly broken: boolean;
  readonly checker: ts.TypeChecker;
  readonly api: ApiIndex;
  readonly dependencies: readonly string[];
  readonly cancellation: { readonly isCancellationRequested: boolean } | undefined;
}

/** Reads one file. Never throws. */
export function readDagFile(input: ReadInput): FileFacts {
  const { sourceFile, broken, dependencies } = input;
  return { fileName: sourceFile.fileName, sourceFile, dags: [], unexpanded: [], broken, dependencies, notes: [] };
}
