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

/** What the editor knows of the file already. */
interface SaidAlready {
  readonly findings: readonly Finding[];
  /** TypeScript marks something in the line. */
  readonly isMarked: (line: number) => boolean;
  /** The person has switched the rule off for what stands in the line. */
  readonly isSilenced: (rule: string, line: number) => boolean;
}

/**
 * Why the file could not be executed, unless somebody has said so already, or the person does not want to hear it: one
 * mistake, one diagnostic at most.
 */
export function executionProblem(
  fileName: string,
  error: RunError,
  { findings, isMarked, isSilenced }: SaidAlready,
): ExecutionProblem | undefined {
  const isHere = error.at?.file === fileName;
  const line = isHere && error.at !== undefined ? error.at.line : 1;
  const rules = ruleCatalogue.filter(({ prevents }) => prevents === error.code).map(({ name }) => name);
  const isSaid = findings.some(({ rule, severity }) => severity === "error" && rules.includes(rule));
  if (isSaid || rules.some((rule) => isSilenced(rule, line)) || (isHere && isMarked(line))) return undefined;
  const advice = error.advice === undefined ? "" : ` ${error.advice}`;
  const sentence = /[.!?]$/.test(error.message) ? error.message : `${error.message}.`;
  const message = `Executing the saved file failed: ${sentence}${advice}`;
  return { code: error.code, message, line, elsewhere: isHere ? undefined : error.at };
}
