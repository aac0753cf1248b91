import type { ts } from "ts-morph";
import type { ApiIndex } from "./apiIndex.js";
import type { DagDraft } from "./dagDraft.js";
import type { ObservationKind } from "./facts.js";
import type { Findings } from "./findings.js";
import { CERTAIN, type Cause, type Certainty, Scope, isWithin } from "./scope.js";
import type { Value } from "./value.js";
import { unknown } from "./values.js";

/** Enough for a DAG of a few thousand tasks; a DAG that needs more is answered in part, and says so. */
const MAX_STEPS = 60_000;
/** Nested evaluations; each costs a few frames of the JavaScript stack. */
const MAX_DEPTH = 450;

/** What is left of the rest of a list of statements after one of them may have left it. */
export type Leaves = "try" | "iteration" | "loop" | "function";

/** How a statement ended. `perhaps`: it may already have left that much, depending on something undecided. */
export interface Completion {
  readonly type: "normal" | "return" | "break" | "continue" | "throw";
  readonly value?: Value;
  readonly label?: string;
  readonly perhaps?: Leaves | undefined;
}

export const NORMAL: Completion = { type: "normal" };

/** The parts of the interpreter that call each other; `language.ts` puts them together. */
export interface Language {
  evaluate(interpreter: Interpreter, node: ts.Expression, scope: Scope): Value;
  execute(interpreter: Interpreter, statement: ts.Statement, scope: Scope): Completion;
  readMember(interpreter: Interpreter, receiver: Value, name: string, node: ts.Node): Value;
  call(interpreter: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value;
  construct(interpreter: Interpreter, callee: Value, args: readonly Value[], site: ts.Node): Value;
  symbolValue(interpreter: Interpreter, symbol: ts.Symbol, scope: Scope, node: ts.Node): Value;
}

export interface InterpreterInput {
  readonly file: ts.SourceFile;
  readonly checker: ts.TypeChecker;
  readonly api: ApiIndex;
  readonly findings: Findings;
  readonly cancellation: { readonly isCancellationRequested: boolean } | undefined;
}

/** A function that is being followed. */
export interface Frame {
  /** What it may have returned already, depending on something undecided. */
  readonly returns: Value[];
  /** What a generator has given so far. */
  readonly yields: Value[];
}

/** Ends whatever is evaluated within a statement that surely fails; see `executeStatement`. */
export class Thrown extends Error {
  override readonly name = "Thrown";
}

/**
 * Everything that following a file needs to remember. It is handed to every function of the interpreter; there is no
 * other state.
 */
export class Interpreter {
  readonly checker: ts.TypeChecker;
  readonly api: ApiIndex;
  readonly file: ts.SourceFile;
  readonly findings: Findings;
  /** Modules that are followed, or were, from top to bottom. */
  readonly startedModules = new Set<ts.SourceFile>();
  certainty: Certainty = CERTAIN;
  frame: Frame = { returns: [], yields: [] };
  /** Under which the statement that is followed began: what is as certain as it happens whenever it does. */
  statementCertainty: Certainty = CERTAIN;
  /** `try` blocks around, whose `catch` would go on after a failure. */
  guards = 0;
  /** Calls so far of code that is not read, any of which may fail. */
  unreadCalls = 0;
  dag: DagDraft | undefined;
  /** Calls that are being followed, the outermost first. */
  sites: readonly ts.Node[] = [];
  /** The place in the file that needed more steps than are followed. */
  stoppedAt: ts.Node | undefined;
  readonly #modules = new Map<ts.SourceFile, Scope>();
  #steps = 0;
  #depth = 0;

  constructor(
    private readonly input: InterpreterInput,
    private readonly language: Language,
  ) {
    ({ checker: this.checker, api: this.api, file: this.file, findings: this.findings } = input);
  }

  /** True once the file turned out to do more than is followed, or nobody waits for the answer any more. */
  get isExhausted(): boolean {
    return this.#steps > MAX_STEPS || this.input.cancellation?.isCancellationRequested === true;
  }

  evaluate(node: ts.Expression, scope: Scope): Value {
    return this.nested(node, () => this.language.evaluate(this, node, scope)) ?? unknown(TOO_MUCH, node);
  }

  execute(statement: ts.Statement, scope: Scope): Completion {
    return this.nested(statement, () => this.language.execute(this, statement, scope)) ?? NORMAL;
  }

  /** Counts a step and the depth; undefined where there were too many. */
  nested<T>(node: ts.Node, run: () => T): T | undefined {
    this.#steps++;
    if (this.isExhausted || this.#depth >= MAX_DEPTH) {
      if (this.#steps > MAX_STEPS) this.stoppedAt ??= this.siteOf(node) ?? this.file;
      this.#tellTooMuch(node);
      return undefined;
    }
    this.#depth++;
    try {
      return run();
    } finally {
      this.#depth--;
    }
  }

  readMember(receiver: Value, name: string, node: ts.Node): Value {
    return this.language.readMember(this, receiver, name, node);
  }

  call(callee: Value, args: readonly Value[], site: ts.Node): Value {
    return this.nested(site, () => this.language.call(this, callee, args, site)) ?? unknown(TOO_MUCH, site);
  }

  construct(callee: Value, args: readonly Value[], site: ts.Node): Value {
    return this.language.construct(this, callee, args, site);
  }

  symbolValue(symbol: ts.Symbol, scope: Scope, node: ts.Node): Value {
    return this.language.symbolValue(this, symbol, scope, node);
  }

  /**
   * Follows code of which it is not known whether it is executed. Of the ways that one cause leaves open, `way` tells
   * this one apart: only one of them is taken.
   */
  perhaps<T>(cause: Cause, run: () => T, way = 0): T {
    const outer = this.certainty;
    this.certainty = { parent: outer, cause, way };
    try {
      return run();
    } finally {
      this.certainty = outer;
    }
  }

  /** True where code that runs now surely changes what was made under `certainty`. */
  isCertainFor(certainty: Certainty): boolean {
    return isWithin(certainty, this.certainty);
  }

  /** Follows the body of a function that `site` calls. */
  inFrame<T>(site: ts.Node, run: (frame: Frame) => T): T {
    const { frame, sites } = this;
    this.frame = { returns: [], yields: [] };
    this.sites = [...sites, site];
    try {
      return run(this.frame);
    } finally {
      this.frame = frame;
      this.sites = sites;
    }
  }

  /** Follows what a module does when it is loaded: outside every DAG, call and condition. */
  inModule<T>(run: () => T): T {
    const { frame, sites, dag, certainty, statementCertainty, guards } = this;
    this.frame = { returns: [], yields: [] };
    this.sites = [];
    this.dag = undefined;
    this.certainty = CERTAIN;
    this.statementCertainty = CERTAIN;
    this.guards = 0;
    try {
      return run();
    } finally {
      Object.assign(this, { frame, sites, dag, certainty, statementCertainty, guards });
    }
  }

  inDag<T>(dag: DagDraft, run: () => T): T {
    const outer = this.dag;
    this.dag = dag;
    try {
      return run();
    } finally {
      this.dag = outer;
    }
  }

  /** The place in the analysed file that stands for a node: itself, or the call that led to it. */
  siteOf(node: ts.Node): ts.Node | undefined {
    if (node.getSourceFile() === this.file) return node;
    return this.sites.findLast((site) => site.getSourceFile() === this.file);
  }

  /** Keeps what a rule may judge; see `Observation`. */
  observe(kind: ObservationKind, node: ts.Node, value: Value): void {
    const { dag, certainty } = this;
    const site = this.siteOf(node);
    if (site === undefined) return;
    const certain = isWithin(dag?.certainty ?? CERTAIN, certainty);
    this.findings.observe({ kind, node, site, value, dag: dag?.head.dag_id, certain });
  }

  moduleScope(file: ts.SourceFile): Scope {
    let scope = this.#modules.get(file);
    if (scope === undefined) {
      scope = new Scope(undefined, CERTAIN);
      this.#modules.set(file, scope);
    }
    return scope;
  }

  #tellTooMuch(node: ts.Node): void {
    this.dag?.addUnresolved({ what: "call", reason: TOO_MUCH, node: this.siteOf(node) ?? node }, "once");
  }
}

const TOO_MUCH = "the code does more than reading follows";
