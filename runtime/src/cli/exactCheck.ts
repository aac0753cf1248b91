import { availableParallelism } from "node:os";
import type { CheckAnswer, CheckProblem, CheckRule } from "#core/protocol/batch.js";
import type { RunErrorCode } from "#core/errorCodes.js";
import { checkPools } from "../engine/pools.js";
import { readRunSettings } from "../engine/runSettings.js";
import { FanoutError } from "../errors.js";
import { openDag } from "../loader/openDag.js";
import type { Cli } from "./cli.js";
import { readSource } from "./sources.js";

/** A module of tasks that others import is checked, too, and has no DAG. */
const NO_MISTAKE: readonly RunErrorCode[] = ["no-dag", "unknown-dag"];

/**
 * What executing the files refuses, beside what reading them found: each file in a process of its own, as for a run.
 * @throws FanoutError `cancelled`
 */
export async function withExact(answer: CheckAnswer, cli: Cli): Promise<CheckAnswer> {
  const stopping = new AbortController();
  const stopListening = cli.onInterrupt((times) => {
    stopping.abort();
    if (times > 1) cli.forceExit(130);
  });
  try {
    const found = await inParallel(answer.files, (file) => refusalsOf(file, answer, stopping.signal));
    const problems = answer.files.flatMap((file, index) => {
      const read = answer.problems.filter((problem) => problem.file === file);
      return joined(read, found[index] ?? [], answer.rules, file);
    });
    return { ...answer, problems };
  } finally {
    stopListening();
  }
}

/** One mistake is told of once: as the rule's error that prevents the engine's, else as what executing refused. */
function joined(
  read: readonly CheckProblem[],
  refusals: readonly FanoutError[],
  rules: readonly CheckRule[],
  file: string,
): readonly CheckProblem[] {
  const isAbout = (problem: CheckProblem, code: string): boolean =>
    problem.code === code || rules.some(({ name, prevents }) => name === problem.code && prevents === code);
  const isError = (problem: CheckProblem): boolean => problem.severity === "error";
  const news = refusals
    .filter(({ code }) => !read.some((problem) => isError(problem) && isAbout(problem, code)))
    .map((refusal) => toProblem(refusal, file));
  // What reading only suspected is now known.
  const isCertain = (problem: CheckProblem): boolean =>
    !isError(problem) && news.some(({ code, line }) => problem.line === line && isAbout(problem, code));
  return [...read.filter((problem) => !isCertain(problem)), ...news];
}

/** Of each DAG of the file; executing it once executes all of them, so the first refusal is that of the file. */
async function refusalsOf(file: string, { dags }: CheckAnswer, signal: AbortSignal): Promise<readonly FanoutError[]> {
  const ids = dags.filter((dag) => dag.file === file).map(({ dag_id }) => dag_id);
  const refusals: FanoutError[] = [];
  for (const dag_id of ids.length > 1 ? ids : [undefined]) {
    const refusal = await refusalOf(file, dag_id, signal);
    if (refusal === undefined || NO_MISTAKE.includes(refusal.code)) continue;
    const isNew = !refusals.some(({ code, message }) => code === refusal.code && message === refusal.message);
    if (isNew) refusals.push(refusal);
  }
  return refusals;
}

async function refusalOf(
  file: string,
  dag_id: string | undefined,
  signal: AbortSignal,
): Promise<FanoutError | undefined> {
  try {
    const settings = await readRunSettings({ file });
    const { pool, dag } = await openDag({ file, ...(dag_id !== undefined && { dag_id }), parallelism: 1, signal });
    await pool.close();
    checkPools(dag.plan, settings.pools);
    return undefined;
  } catch (thrown) {
    if (!FanoutError.is(thrown) || signal.aborted) throw thrown;
    return thrown;
  }
}

function toProblem({ code, message, advice, at }: FanoutError, file: string): CheckProblem {
  const { line, column } = at ?? { line: 1, column: 1 };
  const place = { file: at?.file ?? file, line, column };
  return {
    ...place,
    endLine: line,
    endColumn: column + wordAt(place.file, line, column),
    code,
    severity: "error",
    message: advice === undefined ? message : `${message}\n${advice}`,
    executed: true,
  };
}

/** Executing knows only where things start. */
function wordAt(file: string, line: number, column: number): number {
  const text =
    readSource(file)
      ?.split(/\r?\n/)
      [line - 1]?.slice(column - 1) ?? "";
  return /^[\w$]+/.exec(text)?.[0].length ?? 1;
}

/** A process for each core at most. */
async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}
