import type { DagModel } from "#core/model/dag.js";
import type { InstanceSummary, RunSummary } from "#core/model/run.js";
import type { SourcePoint } from "#core/model/source.js";
import type { FileModels } from "#core/protocol/lsp.js";
import type { HostMessage } from "#core/protocol/parse.js";
import type { PreviewSnapshot, RunOverlay, TaskOverlay } from "#core/protocol/preview.js";
import { placeAt } from "./taskAt.js";

/** The file that a preview shows. */
export interface PreviewedFile {
  readonly uri: string;
  /** Absolute path, as spans name it. */
  readonly path: string;
  readonly name: string;
}

/** A run that the graph can show: of this session, or one of the history. */
export interface ShownRun {
  readonly run_id: string;
  readonly dag_id: string;
  readonly file: string;
  /** Folder of its history; null while the run is starting. */
  readonly home: string | null;
  readonly isRunning: boolean;
  summary(): RunSummary;
  overlay(): RunOverlay;
  overlayOf(taskIds: readonly string[]): readonly TaskOverlay[];
  instancesOf(taskId: string): readonly InstanceSummary[];
}

export interface SessionPorts {
  /** Hands a message to the page. */
  readonly post: (message: HostMessage) => void;
  /** The newest run of this session of a DAG, shown with its graph. */
  readonly latestRun: (file: string, dagId: string) => ShownRun | undefined;
  readonly canRun: () => boolean;
}

/**
 * What one preview shows, and which messages tell the page. Complete snapshots whenever the page may have missed
 * something, numbered deltas for the run's states otherwise; nothing is sent to a hidden page.
 */
export class PreviewSession {
  private revision = 0;
  private visible = false;
  private models: FileModels | null = null;
  private unreadable = false;
  private chosenDag: string | null = null;
  private selected: string | null = null;
  private run: ShownRun | undefined;
  /** A run that ended, and the graph that it was of, while the code has another one. */
  private outdated: { readonly run: ShownRun; readonly shape: string } | undefined;
  /** The file was read without syntax errors since it is shown. */
  private wasRead = false;

  constructor(
    private readonly ports: SessionPorts,
    private current: PreviewedFile,
    dagId: string | null = null,
  ) {
    this.chosenDag = dagId;
  }

  get file(): PreviewedFile {
    return this.current;
  }

  get dagId(): string | null {
    return this.model()?.dag_id ?? this.chosenDag;
  }

  /** The DAGs of the file: as it was executed where that is known of this text, else as last read. */
  get dags(): readonly DagModel[] {
    const { exact = null, dags = [] } = this.models ?? {};
    return exact?.ok === true && exact.value.length > 0 ? exact.value : dags;
  }

  get shownRun(): ShownRun | undefined {
    return this.run;
  }

  /** Another file, or another DAG of the same one. */
  show(file: PreviewedFile, dagId: string | null): void {
    if (file.uri === this.current.uri) {
      this.chooseDag(dagId ?? this.chosenDag);
      return;
    }
    this.current = file;
    this.models = null;
    this.unreadable = false;
    this.selected = null;
    this.run = undefined;
    this.outdated = undefined;
    this.wasRead = false;
    this.chosenDag = dagId;
    this.sendSnapshot();
  }

  chooseDag(dagId: string | null): void {
    const before = this.dagId;
    this.chosenDag = dagId;
    if (this.dagId !== before) this.run = this.newestRun();
    this.sendSnapshot();
  }

  setModels(models: FileModels): void {
    if (models.uri !== this.current.uri) return;
    const before = this.model();
    this.models = models;
    this.unreadable = false;
    this.wasRead ||= !models.broken;
    this.fitRun(before, this.model());
    this.sendSnapshot();
  }

  /** Nobody answers for the file. The last graph stays. */
  setUnreadable(): void {
    this.unreadable = true;
    this.sendSnapshot();
  }

  moveCursor(point: SourcePoint): void {
    const place = placeAt(this.dags, point);
    if (place.dag_id !== null && place.dag_id !== this.dagId) {
      this.selected = place.task_id;
      this.chooseDag(place.dag_id);
      return;
    }
    if (place.task_id === this.selected) return;
    this.selected = place.task_id;
    if (this.visible) this.ports.post({ method: "selectTask", params: { task_id: place.task_id } });
  }

  /** Shows the run on the graph, instead of the newest one. */
  showRun(run: ShownRun): void {
    this.run = run;
    this.chosenDag = run.dag_id;
    this.sendSnapshot();
  }

  /** The tasks of a run changed. The newest run takes the place of the one that was shown. */
  runChanged(run: ShownRun, taskIds: readonly string[]): void {
    if (run.file !== this.current.path || run.dag_id !== this.dagId) return;
    if (this.run?.run_id !== run.run_id) {
      // A short run may be over before anybody hears of it.
      const isNewest = this.ports.latestRun(run.file, run.dag_id)?.run_id === run.run_id;
      if (isNewest) this.showRun(run);
      return;
    }
    // One that goes on is told anew from its beginning.
    if (this.run !== run) return this.showRun(run);
    if (!this.visible) return;
    const { state, stopped, start, end } = run.overlay();
    this.revision += 1;
    const params = { revision: this.revision, tasks: run.overlayOf(taskIds), state, stopped, start, end };
    this.ports.post({ method: "runDelta", params });
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.sendSnapshot();
  }

  /** The page says by itself that it waits, so it is told nothing before the file was read. */
  sendSnapshot(): void {
    if (!this.visible || (this.models === null && !this.unreadable)) return;
    this.revision += 1;
    this.ports.post({ method: "snapshot", params: this.snapshot() });
  }

  private snapshot(): PreviewSnapshot {
    return {
      revision: this.revision,
      model: this.model(),
      dagIds: this.dags.map((dag) => dag.dag_id),
      notice: this.notice(),
      run: this.run?.overlay() ?? null,
      selected: this.selected,
      canRun: this.ports.canRun(),
      fileName: this.current.name,
    };
  }

  private fitRun(before: DagModel | null, now: DagModel | null): void {
    if (before?.dag_id !== now?.dag_id) {
      this.run = this.run?.dag_id === now?.dag_id ? this.run : this.newestRun();
      return;
    }
    const shape = shapeOf(now);
    if (this.run?.isRunning === false && shapeOf(before) !== shape) {
      // The counts of a run that ended say nothing about code that was changed since, until that is undone.
      this.outdated = { run: this.run, shape: shapeOf(before) };
      this.run = undefined;
    }
    if (this.run === undefined && this.outdated?.shape === shape) this.run = this.outdated.run;
  }

  private newestRun(): ShownRun | undefined {
    const model = this.model();
    return model === null ? undefined : this.ports.latestRun(this.current.path, model.dag_id);
  }

  private model(): DagModel | null {
    return this.dags.find((dag) => dag.dag_id === this.chosenDag) ?? this.dags[0] ?? null;
  }

  private notice(): PreviewSnapshot["notice"] {
    if (this.unreadable) {
      return {
        severity: "error",
        text: "The language server does not answer: 'Fanout: Restart Language Server' may help.",
      };
    }
    if (this.models?.broken !== true) return this.executionNotice();
    if (this.dags.length > 0) {
      const which = this.wasRead ? "the last graph that could be read" : "as much of the graph as can be read";
      return { severity: "warning", text: `The code has syntax errors: this is ${which}.` };
    }
    return { severity: "error", text: "The code has syntax errors: the graph appears once they are mended." };
  }

  private executionNotice(): PreviewSnapshot["notice"] {
    const exact = this.models?.exact;
    if (exact?.ok !== false) return null;
    return { severity: "warning", text: `This graph was read: executing the file failed. ${exact.error.message}` };
  }
}

/** What makes a run's counts outdated: tasks, edges and mappings, not where they stand in the file. */
function shapeOf(model: DagModel | null): string {
  return JSON.stringify([model?.dag_id, model?.tasks, model?.edges], (key, value: unknown) =>
    key === "span" ? undefined : value,
  );
}
