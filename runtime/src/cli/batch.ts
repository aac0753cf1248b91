import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { RUN_ERROR_CODES } from "#core/errorCodes.js";
import type {
  AppliedFix,
  BatchRefusal,
  CheckAnswer,
  CheckedDag,
  CheckProblem,
  CheckRule,
  FixedFile,
  ModelAnswer,
} from "#core/protocol/batch.js";
import { arrayOf, isCount, isString, nullable, oneOf, optional, shape, type Guard } from "#core/protocol/guards.js";
import type { SourcePoint } from "#core/model/source.js";
import { isDagModel } from "#core/protocol/modelGuards.js";
import { FanoutError } from "../errors.js";
import type { Cli } from "./cli.js";

const SEVERITIES = ["error", "warning", "information", "hint"] as const;

const isTrue = (value: unknown): value is true => value === true;
const isProblem = shape<CheckProblem>({
  file: isString,
  line: isCount,
  column: isCount,
  endLine: isCount,
  endColumn: isCount,
  code: isString,
  severity: oneOf(SEVERITIES),
  message: isString,
  executed: optional(isTrue),
});
const isRule = shape<CheckRule>({
  name: isString,
  description: isString,
  defaultSeverity: oneOf(SEVERITIES),
  prevents: nullable(oneOf(RUN_ERROR_CODES)),
});
const isApplied = shape<AppliedFix>({ line: isCount, column: isCount, code: isString, title: isString });
const isFixed = shape<FixedFile>({ file: isString, before: isString, after: isString, applied: arrayOf(isApplied) });
const isCheckAnswer = shape<CheckAnswer>({
  problems: arrayOf(isProblem),
  fixable: isCount,
  fixed: arrayOf(isFixed),
  files: arrayOf(isString),
  dags: arrayOf(shape<CheckedDag>({ file: isString, dag_id: isString })),
  rules: arrayOf(isRule),
});
const isPoint = shape<SourcePoint>({ file: isString, line: isCount, column: isCount });
const isRefusal = shape<BatchRefusal>({
  code: oneOf(RUN_ERROR_CODES),
  message: isString,
  file: optional(isString),
  at: optional(isPoint),
});
const isModelAnswer = shape<ModelAnswer>({ dags: arrayOf(isDagModel), problems: arrayOf(isProblem) });

/** Checks files and folders by reading them; with `fix` as they would be with safe fixes applied. */
export function checkPaths(cli: Cli, paths: readonly string[], fix: boolean): Promise<CheckAnswer> {
  return askBatch(cli, [fix ? "fix" : "check", ...paths], isCheckAnswer);
}

/** The DAGs of files and folders, by reading them. */
export function readDags(cli: Cli, paths: readonly string[]): Promise<ModelAnswer> {
  return askBatch(cli, ["model", ...paths], isModelAnswer);
}

/** Paths as absolute ones; one that does not exist is refused before anything is read. */
export function existingPaths(cli: Cli, paths: readonly string[]): string[] {
  return (paths.length > 0 ? paths : ["."]).map((given) => {
    const absolute = path.resolve(cli.cwd, given);
    if (!existsSync(absolute)) throw new FanoutError("file-not-found", `There is no file or folder '${given}'.`);
    return absolute;
  });
}

/**
 * Asks the language server's batch program, which reads DAG files without executing them. It is a process of its
 * own, because the command line must not carry a compiler.
 */
async function askBatch<T>(cli: Cli, args: readonly string[], isAnswer: Guard<T>): Promise<T> {
  const program = path.join(cli.packageRoot, "dist/server/batch.cjs");
  if (!existsSync(program)) {
    throw new FanoutError("internal", `This installation has no '${program}'.`, { advice: "Install Fanout again." });
  }
  const { code, stdout, stderr } = await runNode([program, ...args], cli);
  const answer = parsed(stdout);
  if (code === 0 && isAnswer(answer)) return answer;
  const refusal = parsed(stderr);
  if (isRefusal(refusal)) {
    const { at } = refusal;
    throw new FanoutError(refusal.code, refusal.message, at && { at });
  }
  const [reason = ""] = stderr.trim().split("\n");
  throw new FanoutError("internal", `Reading the files failed (exit ${code}). ${reason}`.trim());
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runNode(args: readonly string[], cli: Cli): Promise<Finished> {
  const child = spawn(process.execPath, args, { cwd: cli.cwd, stdio: ["ignore", "pipe", "pipe"] });
  const stopListening = cli.onInterrupt(() => {
    child.kill();
    cli.forceExit(130);
  });
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      stopListening();
      resolve({ code, stdout: out(), stderr: err() });
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString("utf8");
}
