import type { TaskNode } from "#core/model/dag.js";
import { graphMark, mapCount } from "#core/model/graph.js";
import type { ShownState } from "#core/model/shownState.js";
import type { HostMessage, PageMessage } from "#core/protocol/parse.js";
import type { PreviewSnapshot, RunOverlay } from "#core/protocol/preview.js";
import { type ShownOverlay, shownOverlay } from "./states.js";

/** Everything that the page shows. The host owns it; only `selected` and `emphasised` are also the page's to change. */
export interface PageState {
  /** Null until the host has answered. */
  readonly snapshot: PreviewSnapshot | null;
  readonly revision: number;
  readonly run: Omit<RunOverlay, "tasks"> | null;
  readonly overlays: ReadonlyMap<string, ShownOverlay>;
  readonly selected: string | null;
  /** The state picked in the legend; tasks in other states are dimmed. */
  readonly emphasised: ShownState | null;
  /** The DAG that the person asked to see although drawing it takes long. */
  readonly drawLarge: string | null;
  /** A revision was missed; deltas mean nothing until the next snapshot. */
  readonly outOfStep: boolean;
}

/** What the person did in the page itself. */
export type PageAction =
  | { readonly method: "pickTask"; readonly params: { readonly task_id: string } }
  | { readonly method: "emphasise"; readonly params: { readonly state: ShownState | null } }
  | { readonly method: "drawLarge"; readonly params: null };

export interface Step {
  readonly state: PageState;
  /** Tasks whose nodes look different now; `all` after a snapshot. */
  readonly touched: readonly string[] | "all";
  readonly post: readonly PageMessage[];
}

export const EMPTY_STATE: PageState = {
  snapshot: null,
  revision: 0,
  run: null,
  overlays: new Map(),
  selected: null,
  emphasised: null,
  drawLarge: null,
  outOfStep: false,
};

/** Up to here mermaid draws within about two seconds. */
export const LARGE_GRAPH = 150;
/** From here it blocks the page for several: only on request. */
export const HUGE_GRAPH = 300;

/** What fills the page below the header. */
export type Screen = "waiting" | "no-dag" | "no-tasks" | "huge" | "graph";

export function screenOf({ snapshot, drawLarge }: PageState): Screen {
  if (snapshot === null) return "waiting";
  const { model } = snapshot;
  if (model === null) return "no-dag";
  if (model.tasks.length === 0) return "no-tasks";
  return model.tasks.length > HUGE_GRAPH && drawLarge !== model.dag_id ? "huge" : "graph";
}

/** The next state and what follows from it; pure, so that a page's whole life can be tested without a page. */
export function reduce(state: PageState, message: HostMessage | PageAction): Step {
  switch (message.method) {
    case "snapshot":
      return takeSnapshot(state, message.params);
    case "runDelta":
      return takeDelta(state, message.params);
    case "selectTask":
      return select(state, message.params.task_id);
    case "pickTask": {
      const step = select(state, message.params.task_id);
      return { ...step, post: [{ method: "revealTask", params: { task_id: message.params.task_id } }] };
    }
    case "emphasise":
      return { state: { ...state, emphasised: message.params.state }, touched: "all", post: [] };
    case "drawLarge":
      return { state: { ...state, drawLarge: state.snapshot?.model?.dag_id ?? null }, touched: "all", post: [] };
  }
}

/** The mark behind a mapped task's name; empty for others. */
export function markOf(state: PageState, task: TaskNode): string {
  const model = state.snapshot?.model;
  const count = model ? mapCount(task, model) : null;
  return count === null ? "" : graphMark(count, state.overlays.get(task.task_id)?.count ?? null);
}

/** `none` where no run has reached the task. */
export function stateOf(state: PageState, taskId: string): ShownState {
  return state.overlays.get(taskId)?.state ?? "none";
}

function takeSnapshot(state: PageState, snapshot: PreviewSnapshot): Step {
  const { run } = snapshot;
  const known = (id: string | null): boolean => snapshot.model?.tasks.some((task) => task.task_id === id) === true;
  const kept = known(state.selected) ? state.selected : null;
  return {
    state: {
      snapshot,
      revision: snapshot.revision,
      run,
      overlays: new Map(run?.tasks.map((overlay) => [overlay.task_id, shownOverlay(overlay, run.state)])),
      selected: known(snapshot.selected) ? snapshot.selected : kept,
      emphasised: run === null ? null : state.emphasised,
      drawLarge: state.drawLarge,
      outOfStep: false,
    },
    touched: "all",
    post: [],
  };
}

type Delta = Extract<HostMessage, { method: "runDelta" }>["params"];

function takeDelta(state: PageState, delta: Delta): Step {
  if (state.outOfStep) return { state, touched: [], post: [] };
  if (state.run === null || delta.revision !== state.revision + 1) {
    return { state: { ...state, outOfStep: true }, touched: [], post: [{ method: "resync", params: null }] };
  }
  const overlays = new Map(state.overlays);
  for (const overlay of delta.tasks) overlays.set(overlay.task_id, overlay);
  // What was told before may be lost since.
  for (const [id, overlay] of overlays) overlays.set(id, shownOverlay(overlay, delta.state));
  const { revision, tasks, ...run } = delta;
  return {
    state: { ...state, revision, overlays, run: { ...state.run, ...run } },
    touched: delta.end === null ? tasks.map((overlay) => overlay.task_id) : "all",
    post: [],
  };
}

function select(state: PageState, taskId: string | null): Step {
  const touched = [state.selected, taskId].filter((id) => id !== null);
  return { state: { ...state, selected: taskId }, touched, post: [] };
}
