import type { ts } from "ts-morph";
import type { ApiIndex } from "./apiIndex.js";
import { executeAll } from "./evaluate/blocks.js";
import type { FileFacts } from "./facts.js";
import { Findings } from "./findings.js";
import { Interpreter } from "./interpreter.js";
import { language } from "./language.js";
import { explainMissingDags } from "./missingDags.js";

export interface ReadInput {
  readonly sourceFile: ts.SourceFile;
  readonly broken: boolean;
  readonly checker: ts.TypeChecker;
  readonly api: ApiIndex;
  readonly dependencies: readonly string[];
  readonly cancellation: { readonly isCancellationRequested: boolean } | undefined;
}

/**
 * Reads one file: follows what it does when it is loaded, without running it. Never throws: what goes wrong in here
 * leaves facts that are incomplete and a note that says so.
 */
export function readDagFile(input: ReadInput): FileFacts {
  const { sourceFile, broken, dependencies, checker, api, cancellation } = input;
  const findings = new Findings();
  const interpreter = new Interpreter({ file: sourceFile, checker, api, findings, cancellation }, language);
  try {
    executeAll(interpreter, sourceFile.statements, interpreter.moduleScope(sourceFile));
    if (findings.dags.length === 0) explainMissingDags(interpreter);
  } catch (error) {
    findings.addNote(`Reading stopped: ${error instanceof Error ? error.message : String(error)}`, undefined);
  }
  return {
    fileName: sourceFile.fileName,
    sourceFile,
    dags: findings.dags.map((dag) => dag.toFacts()),
    unexpanded: findings.unexpanded(sourceFile),
    observations: findings.observations,
    broken,
    dependencies,
    notes: findings.notes,
  };
}
