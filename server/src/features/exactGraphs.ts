import type { DagModel, Edge, TaskNode } from "#core/model/dag.js";
import type { RunError } from "#core/model/run.js";
import type { SourceSpan } from "#core/model/source.js";
import type { Answer } from "#core/protocol/engine.js";
import type { Finding } from "../rules/runRules.js";
import { ruleCatalogue } from "../rules/index.js";

/** What executing a file gave: the graphs of its DAGs, or why it could not be executed. */
export type ExactAnswer = Answer<readonly DagModel[]>;

/**
 * What executing files gave when they were saved, as long as neither they nor anything that they import was edited
 * since: an exact graph of another text would be a wrong one.
 */
export class ExactGraphs {
  readonly #answers = new Map<string, { readonly key: string; readonly answer: ExactAnswer }>();

  /** `keyOf`: the same as long as the file and all that it imports have the same text; undefined: there is no such file. */
  constructor(private readonly keyOf: (fileName: string) => string | undefined) {}

  keep(fileName: string, answer: ExactAnswer): void {
    const key = this.keyOf(fileName);
    if (key !== undefined) this.#answers.set(fileName, { key, answer });
  }

  get(fileName: string): ExactAnswer | undefined {
    const known = this.#answers.get(fileName);
    return known === undefined || known.key !== this.keyOf(fileName) ? undefined : known.answer;
  }

  forget(fileName: string): void {
    this.#answers.delete(fileName);
  }
}

/** Executing knows where a call begins; reading also knows where it ends. */
export function withReadSpans(exact: readonly DagModel[], read: readonly DagModel[]): readonly DagModel[] {
  return exact.map((model) => {
    const other = read.find(({ dag_id }) => dag_id === model.dag_id);
    return other === undefined ? model : joinSpans(model, other);
  });
}

function joinSpans(exact: DagModel, read: DagModel): DagModel {
  const tasks = new Map(read.tasks.map((task) => [task.task_id, task]));
  const groups = new Map(read.groups.map((group) => [group.group_id, group]));
  const edges = new Map(read.edges.map((edge) => [edgeName(edge), edge]));
  return {
    ...spanned(exact, read.span),
    tasks: exact.tasks.map((task) => spanned<TaskNode>(task, tasks.get(task.task_id)?.span)),
    groups: exact.groups.map((group) => spanned(group, groups.get(group.group_id)?.span)),
    edges: exact.edges.map((edge) => spanned(edge, edges.get(edgeName(edge))?.span)),
  };
}

function edgeName({ from, to }: Edge): string {
  return JSON.stringify([from, to]);
}

function spanned<T extends { readonly span?: SourceSpan }>(node: T, span: SourceSpan | undefined): T {
  return span === undefined ? node : { ...node, span };
}

export interface ExecutionProblem {
  readonly code: string;
  readonly message: string;
  /** In the file that was executed. */
  readonly line: number;
  /** Where it happened, where that is another file. */
  readonly elsewhere: SourceSpan | undefined;
}

/** Why the file could not be executed, unless somebody has said so already: one mistake, one diagnostic. */
export function executionProblem(
  fileName: string,
  error: RunError,
  findings: readonly Finding[],
  isMarked: (line: number) => boolean,
): ExecutionProblem | undefined {
  const isHere = error.at?.file === fileName;
  const line = isHere && error.at !== undefined ? error.at.line : 1;
  const isSaid = findings.some(({ rule, severity }) => severity === "error" && prevents(rule) === error.code);
  if (isSaid || (isHere && isMarked(line))) return undefined;
  const advice = error.advice === undefined ? "" : ` ${error.advice}`;
  const sentence = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  const message = `Executing the saved file failed: ${sentence}${advice}`;
  return { code: error.code, message, line, elsewhere: isHere ? undefined : error.at };
}

function prevents(rule: string): string | null {
  return ruleCatalogue.find(({ name }) => name === rule)?.prevents ?? null;
}
