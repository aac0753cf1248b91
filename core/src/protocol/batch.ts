import type { DagModel } from "../model/dag.js";
import type { SourcePoint } from "../model/source.js";
import type { RunErrorCode } from "../errorCodes.js";
import type { RuleSeverity } from "../settings.js";

/**
 * Command line → server. The command line starts `dist/server/batch.cjs` and reads one JSON value from its stdout:
 * `check PATH…` answers `CheckAnswer`, `fix PATH…` the same of texts in which safe fixes are applied, `model PATH…`
 * answers `ModelAnswer`. A path is a file or a folder; folders are
 * searched for DAG files. Exit code 0 says that stdout holds the answer, whatever was found; anything else that the
 * question could not be answered, with one line on stderr: a `BatchRefusal` as JSON where the exit code is 2.
 */
export interface CheckAnswer {
  /** By file, then by place. */
  readonly problems: readonly CheckProblem[];
  /** How many of them `fix` would make go away. */
  readonly fixable: number;
  /** What `fix` changes; only the command line writes files. */
  readonly fixed: readonly FixedFile[];
  /** Absolute paths of all files that were checked. */
  readonly files: readonly string[];
  /** The DAGs that were found in them. */
  readonly dags: readonly CheckedDag[];
  /** Everything that was looked for, by name. */
  readonly rules: readonly CheckRule[];
}

export interface CheckedDag {
  /** Absolute path of the file that was checked. */
  readonly file: string;
  readonly dag_id: string;
}

/** A file that safe fixes change. */
export interface FixedFile {
  /** Absolute path. */
  readonly file: string;
  /** What was read; a file that is no longer the same must not be overwritten. */
  readonly before: string;
  readonly after: string;
  readonly applied: readonly AppliedFix[];
}

/** Lines and columns count from 1. */
export interface AppliedFix {
  readonly line: number;
  readonly column: number;
  /** The rule's name. */
  readonly code: string;
  /** What it does, as an editor offers it. */
  readonly title: string;
}

/** What formats for other tools tell of a rule, whether or not it found anything. */
export interface CheckRule {
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** Where no setting says otherwise. */
  readonly defaultSeverity: CheckProblem["severity"];
  /** What the engine says of the same mistake. */
  readonly prevents: RunErrorCode | null;
}

/** One row of `fanout check --format json`. Lines and columns count from 1; the end is exclusive. */
export interface CheckProblem {
  /** Absolute path. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** The rule's name, or `syntax-error`; of what executing the file refused, the engine's code. */
  readonly code: string;
  readonly severity: Exclude<RuleSeverity, "default" | "off">;
  readonly message: string;
  /** Left out where reading found it. */
  readonly executed?: true;
}

export interface ModelAnswer {
  /** By file, then in the order of their `dag()` calls; `span.file` says where each is from. */
  readonly dags: readonly DagModel[];
  /** Syntax errors of the files that were read: their models are as much as could be told. */
  readonly problems: readonly CheckProblem[];
}

/** Why a question could not be answered: a path that does not exist, a file that is no DAG file. */
export interface BatchRefusal {
  readonly code: RunErrorCode;
  readonly message: string;
  /** Absolute path of what was named, where it was that. */
  readonly file?: string;
  /** Where it stands, e.g. in a configuration. */
  readonly at?: SourcePoint;
}
