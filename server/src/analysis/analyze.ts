import type { ts } from "ts-morph";
import type { ApiIndex } from "./apiIndex.js";
import { executeAll } from "./evaluate/blocks.js";
import type { FileFacts } from "./facts.js";
import { Findings } from "./findings.js";
import { Interpreter } from "./interpreter.js";
import { language } from "./language.js";
import { explainMissingDags } from "./missingDags.js";
import type { TimeLimit } from "./timeLimit.js";

export interface ReadInput {
  readonly sourceFile: ts.SourceFile;
  readonly broken: boolean;
  readonly checksJavaScript: boolean;
  readonly checker: ts.TypeChecker;
  readonly api: ApiIndex;
  readonly dependencies: readonly string[];
  readonly limit: TimeLimit;
  readonly cancellation: { readonly isCancellationRequested: boolean } | undefined;
}

/**
 * Reads one file: follows what it does when it is loaded, without running it. Never throws: what goes wrong in here
 * leaves facts that are incomplete and a note that says so.
 */
export function readDagFile(input: ReadInput): FileFacts {
  const { sourceFile, broken, checksJavaScript, dependencies, limit } = input;
  const findings = new Findings();
  const read = limit.run(() => follow(input, findings));
  const facts = { fileName: sourceFile.fileName, sourceFile, broken, checksJavaScript, dependencies };
  if (read === undefined) return { ...facts, ...nothingRead(sourceFile) };
  const { stoppedAt } = read;
  return {
    ...facts,
    dags: findings.dags.map((dag) => dag.toFacts()),
    // What was not reached any more may have expanded them.
    unexpanded: stoppedAt === undefined ? findings.unexpanded(sourceFile) : [],
    observations: findings.observations,
    notes: findings.notes,
    stopped: stoppedAt === undefined ? undefined : { why: "steps", node: stoppedAt },
  };
}

/** Gathers what is found; tells where it ended before the end of the file. */
function follow(
  { sourceFile, checker, api, cancellation }: ReadInput,
  findings: Findings,
): { readonly stoppedAt: ts.Node | undefined } {
  const interpreter = new Interpreter({ file: sourceFile, checker, api, findings, cancellation }, language);
  try {
    executeAll(interpreter, sourceFile.statements, interpreter.moduleScope(sourceFile));
    const { stoppedAt } = interpreter;
    if (stoppedAt !== undefined) findings.addNote("The file does more than reading follows.", stoppedAt);
    else if (findings.dags.length === 0) explainMissingDags(interpreter);
  } catch (error) {
    findings.addNote(`Reading stopped: ${error instanceof Error ? error.message : String(error)}`, undefined);
  }
  return interpreter;
}

/** Nothing of what was gathered until then is sure: the rest could say otherwise. */
function nothingRead(
  sourceFile: ts.SourceFile,
): Pick<FileFacts, "dags" | "unexpanded" | "observations" | "notes" | "stopped"> {
  const node = sourceFile.statements[0] ?? sourceFile;
  return {
    dags: [],
    unexpanded: [],
    observations: [],
    notes: [{ text: "Reading the file takes too long.", node }],
    stopped: { why: "time", node },
  };
}
