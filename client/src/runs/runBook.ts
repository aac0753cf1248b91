import type { RunDetails, RunError, RunState, RunSummary } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { Coalescer } from "../coalescer.js";
import type { EngineProcess } from "./engineProcess.js";
import { FollowedRuns } from "./followedRuns.js";
import { LiveRun } from "./liveRun.js";

/** Redraws a second that a live run costs at most: 10. */
const REDRAW_INTERVAL_MS = 100;
const RUNS_PER_FOLDER = 50;
/** Runs of a DAG that are read where somebody looks for one that has something. */
const MOST_READ = 10;
/** Runs of this session that are kept in memory; older ones are read from the history like any other. */
const MOST_LIVE_RUNS = 20;

/** A run of any time, with the history folder that holds it. */
export interface RunEntry {
  readonly home: string | null;
  readonly summary: RunSummary;
  /** Absolute path of the DAG file, where it is known without reading the run. */
  readonly file: string | null;
}

interface RunList {
  /** Newest first. */
  readonly runs: readonly RunEntry[];
  /** Why some folder's history could not be read. */
  readonly refusal: RunError | null;
}

interface RunChange {
  readonly run: LiveRun;
  readonly taskIds: readonly string[];
}

type RunListener = (change: RunChange) => void;

/**
 * Every run that the window knows: those of this session, kept up to date by the engine's events, and those that the
 * history folders hold.
 */
export class RunBook {
  private readonly live = new Map<string, LiveRun>();
  /** Of runs whose first event is still on its way. */
  private readonly coming = new Map<string, { readonly home: string; readonly begin?: number }>();
  private readonly listeners = new Set<RunListener>();
  private readonly endListeners = new Map<string, (run: LiveRun | null) => void>();
  private readonly finished = new Map<string, RunDetails>();
  private readonly followed = new FollowedRuns();
  /** Runs of the last list that another process executes. */
  private foreign: ReadonlySet<string> = new Set();
  private readonly changed = new Map<string, Set<string>>();
  private readonly redraw = new Coalescer<string>(REDRAW_INTERVAL_MS, (ids) => {
    for (const id of ids) this.announce(id);
  });

  onChange(listener: RunListener): { dispose(): void } {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  }

  /** The newest run of this session of a DAG. */
  latest(file: string, dagId: string): LiveRun | undefined {
    return [...this.live.values()].findLast((run) => run.file === file && run.dag_id === dagId);
  }

  get running(): readonly LiveRun[] {
    return [...this.live.values()].filter((run) => run.isRunning);
  }

  find(runId: string): LiveRun | undefined {
    return this.live.get(runId);
  }

  /** Resolves when the run has ended; null where the engine ended before the run's first event. */
  ended(runId: string): Promise<LiveRun | null> {
    const run = this.live.get(runId);
    if (run?.isRunning === false) return Promise.resolve(run);
    return new Promise((resolve) => this.endListeners.set(runId, resolve));
  }

  /** The engine told where the history of a started run lies; the run's first event comes before or after that. */
  attachHome(runId: string, home: string): void {
    const run = this.live.get(runId);
    if (run === undefined) this.coming.set(runId, { home });
    else run.home = home;
  }

  /** A run that has ended is about to go on: its events tell anew how it stands. `start`: when it began, ISO 8601. */
  goesOn(runId: string, home: string, start: string): void {
    this.live.delete(runId);
    this.finished.delete(runId);
    this.coming.set(runId, { home, begin: Date.parse(start) });
  }

  /** What a run's record says of its beginning and end is known a moment after its last event. */
  async readRecord(engine: EngineProcess, run: LiveRun): Promise<void> {
    const answer = await engine.ask("listRuns", { path: run.file, limit: RUNS_PER_FOLDER });
    const record = answer.ok ? answer.value.runs.find(({ run_id }) => run_id === run.run_id) : undefined;
    if (record === undefined) return;
    run.record(record);
    this.redraw.add(run.run_id);
  }

  /** True where another process executes the run, as far as the last list knows. */
  isForeign(runId: string): boolean {
    return this.foreign.has(runId) && !this.live.has(runId);
  }

  receive(event: RunEvent): void {
    if (event.type === "run_started") {
      const { home = null, begin } = this.coming.get(event.run_id) ?? {};
      this.live.set(event.run_id, new LiveRun(event, home, begin));
      this.coming.delete(event.run_id);
      this.forgetOldRuns();
    }
    const run = this.live.get(event.run_id);
    if (run === undefined) return;
    run.apply(event);
    const tasks = this.changed.get(event.run_id) ?? new Set<string>();
    this.changed.set(event.run_id, tasks);
    if ("task_id" in event) tasks.add(event.task_id);
    this.redraw.add(event.run_id);
    if (event.type === "run_finished") this.close(run);
  }

  /** The engine process is gone: whatever it ran has failed with it. */
  abandonAll(error: RunError): void {
    for (const run of this.running) {
      run.abandon(error, Date.now());
      this.close(run);
    }
    for (const resolve of this.endListeners.values()) resolve(null);
    this.endListeners.clear();
  }

  dispose(): void {
    this.redraw.dispose();
    this.listeners.clear();
  }

  /** Runs of the folders' histories and of this session, newest first. */
  async list(engine: EngineProcess, folders: readonly string[]): Promise<RunList> {
    const answers = await Promise.all(folders.map((path) => engine.ask("listRuns", { path, limit: RUNS_PER_FOLDER })));
    const entries = new Map<string, RunEntry>();
    const foreign = new Set<string>();
    let refusal: RunError | null = null;
    for (const answer of answers) {
      if (!answer.ok) {
        refusal ??= answer.error;
        continue;
      }
      const { home, runs } = answer.value;
      for (const summary of runs) {
        entries.set(summary.run_id, { home, summary, file: null });
        if (!isOver(summary.state)) foreign.add(summary.run_id);
      }
    }
    this.foreign = foreign;
    for (const run of this.live.values()) {
      const record = entries.get(run.run_id)?.summary;
      if (record !== undefined) run.record(record);
      entries.set(run.run_id, { home: run.home, summary: run.summary(), file: run.file });
    }
    const runs = [...entries.values()].sort((a, b) => b.summary.start.localeCompare(a.summary.start));
    return { runs, refusal };
  }

  /** Everything of one run. What has ended is read once. */
  async details(engine: EngineProcess, entry: RunEntry): Promise<RunDetails | RunError> {
    const { home, summary } = entry;
    const live = this.live.get(summary.run_id);
    if (live?.isRunning === true || home === null) return live?.details() ?? gone(summary.run_id);
    const followed = isOver(summary.state)
      ? null
      : await this.followed.details(engine, { home, run_id: summary.run_id });
    if (followed !== null) return { ...followed, start: summary.start };
    const known = this.finished.get(summary.run_id);
    // Somebody else may have gone on with it.
    if (known?.end === summary.end) return known;
    const answer = await engine.ask("showRun", { home, run_id: summary.run_id });
    if (!answer.ok) return live?.details() ?? answer.error;
    if (isOver(answer.value.state)) this.finished.set(summary.run_id, answer.value);
    return answer.value;
  }

  /** The newest runs of a DAG, the newest first, each read when it is asked for. */
  async *runsOf(engine: EngineProcess, file: string, dagId: string): AsyncGenerator<RunDetails> {
    const answer = await engine.ask("listRuns", { path: file, limit: RUNS_PER_FOLDER });
    if (!answer.ok) return;
    const { home, runs } = answer.value;
    for (const summary of runs.filter(({ dag_id }) => dag_id === dagId).slice(0, MOST_READ)) {
      const details = await this.details(engine, { home, summary, file });
      if ("tasks" in details) yield details;
    }
  }

  forgetHistory(): void {
    this.finished.clear();
  }

  private forgetOldRuns(): void {
    const ended = [...this.live.values()].filter((run) => !run.isRunning);
    const tooMany = Math.max(0, this.live.size - MOST_LIVE_RUNS);
    for (const run of ended.slice(0, tooMany)) this.live.delete(run.run_id);
  }

  private close(run: LiveRun): void {
    this.redraw.add(run.run_id);
    this.redraw.flush();
    this.endListeners.get(run.run_id)?.(run);
    this.endListeners.delete(run.run_id);
  }

  private announce(runId: string): void {
    const run = this.live.get(runId);
    const taskIds = [...(this.changed.get(runId) ?? [])];
    this.changed.delete(runId);
    if (run === undefined) return;
    for (const listener of this.listeners) listener({ run, taskIds });
  }
}

export function isOver(state: RunState): boolean {
  return state === "success" || state === "failed";
}

function gone(runId: string): RunError {
  return { code: "unknown-run", message: `The run '${runId}' is not in the history any more.` };
}
