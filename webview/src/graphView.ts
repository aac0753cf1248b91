import type { DagModel, TaskNode } from "#core/model/dag.js";
import { enclosingGroups, isMapped } from "#core/model/graph.js";
import { groupLabel, roleMark, taskLabel, toMermaid } from "#core/model/mermaid.js";
import type { MermaidGraph } from "#core/model/mermaid.js";
import type { PageGraph } from "#core/protocol/preview.js";
import { oncePerFrame, painted, setContext } from "./dom.js";
import { createNodeCard } from "./nodeCard.js";
import type { NodeCard } from "./nodeCard.js";
import type { Drawing, Renderer } from "./render.js";
import { toolButton } from "./stage.js";
import type { Stage } from "./stage.js";
import { LARGE_GRAPH, markOf, screenOf, stateOf } from "./state.js";
import type { PageState, Step } from "./state.js";
import type { Box } from "./viewport.js";

export interface GraphView {
  /** By task id, in the model's order; empty before the first drawing. */
  readonly cards: ReadonlyMap<string, NodeCard>;
  /** Lays out anew where the structure differs, else patches the nodes named in `touched` at the next frame. */
  update(state: PageState, touched: Step["touched"]): void;
}

interface Shown {
  /** What the layout was made from; the same text and ids need no other. */
  readonly key: string;
  readonly cards: ReadonlyMap<string, NodeCard>;
  /** The edges into each task, which move while it runs. */
  readonly incoming: ReadonlyMap<string, readonly SVGPathElement[]>;
}

type Direction = "LR" | "TB";

/** With more running tasks than these nothing moves: the movement would cost most of every frame. */
const MOVING_AT_MOST = 16;

/** A panel narrower than this, or much taller than wide, reads better from top to bottom. */
const NARROW = 620;

interface Outlets {
  /** How many tasks a layout that takes long is for; null once it has ended. */
  readonly drawing: (tasks: number | null) => void;
  readonly failed: (error: unknown) => void;
}

export function createGraphView(stage: Stage, renderer: Renderer, { drawing, failed }: Outlets): GraphView {
  let latest: PageState | null = null;
  let shown: Shown | null = null;
  let direction: Direction | null = null;
  const dirty = new Set<string>();
  const paint = (): void => {
    if (latest !== null && shown !== null) paintTasks(stage, shown, latest, dirty);
    dirty.clear();
  };
  const paintSoon = oncePerFrame(paint);
  const markDirty = (touched: Step["touched"]): void => {
    for (const id of touched === "all" ? (shown?.cards.keys() ?? []) : touched) dirty.add(id);
    if (dirty.size > 0) paintSoon();
  };
  const layOut = createLayoutQueue({
    wanted: () => {
      const model = latest !== null && screenOf(latest) === "graph" ? (latest.snapshot?.model ?? null) : null;
      if (model === null) return null;
      direction ??= directionFor(stage);
      const wanted = layoutOf(model, direction);
      return wanted.key === shown?.key ? null : wanted;
    },
    draw: async (wanted) => {
      const drawn = await announced(wanted, drawing, () => renderer.draw(wanted.graph));
      shown = install(stage, shown, drawn, wanted, latest?.selected ?? null);
      markDirty("all");
      paint();
    },
    failed,
  });
  const turn = toolButton("\uebcb", "Turn the graph", () => {
    direction = direction === "TB" ? "LR" : "TB";
    stage.panZoom.release();
    layOut();
  });
  stage.tools.append(turn);
  return {
    get cards() {
      return shown?.cards ?? new Map<string, NodeCard>();
    },
    update: (state, touched) => {
      const moved = latest?.selected !== state.selected;
      const sameGraph = latest?.snapshot === state.snapshot && latest?.drawLarge === state.drawLarge;
      latest = state;
      setContext(stage.element, { fanoutRun: runOf(state), preventDefaultContextMenuItems: true } satisfies PageGraph);
      // A state of a run never needs a look at the structure: a thousand may come in a second.
      if (!sameGraph) layOut();
      markDirty(touched);
      const selected = shown?.cards.get(state.selected ?? "");
      if (moved && selected !== undefined) stage.reveal(selected.drawn.place);
    },
  };
}

function runOf({ run }: PageState): PageGraph["fanoutRun"] {
  if (run === null) return "none";
  return run.state === "running" || run.state === "queued" ? "live" : "stopped";
}

interface LayoutQueue {
  /** What should be drawn now; null where nothing new is wanted. */
  readonly wanted: () => Wanted | null;
  readonly draw: (wanted: Wanted) => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** The model may change while mermaid works: one layout at a time, and after it only the latest is worth drawing. */
function createLayoutQueue({ wanted, draw, failed }: LayoutQueue): () => void {
  let working = false;
  let failedKey = "";
  const next = (): Wanted | null => {
    const layout = wanted();
    return layout?.key === failedKey ? null : layout;
  };
  const work = async (): Promise<void> => {
    working = true;
    for (let layout = next(); layout !== null; layout = next()) {
      try {
        await draw(layout);
      } catch (error) {
        failedKey = layout.key;
        failed(error);
      }
    }
    working = false;
  };
  return () => {
    if (!working) void work();
  };
}

/** What takes long is said before it begins, while the page can still show it. */
async function announced(
  { model: { tasks } }: Wanted,
  drawing: Outlets["drawing"],
  draw: () => Promise<Drawing>,
): Promise<Drawing> {
  if (tasks.length <= LARGE_GRAPH) return draw();
  drawing(tasks.length);
  await painted();
  try {
    return await draw();
  } finally {
    drawing(null);
  }
}

function layoutOf(model: DagModel, direction: Direction): Wanted {
  const graph = toMermaid(model, { labels: "reserved", direction });
  return { graph, key: JSON.stringify([model.dag_id, graph.text, graph.taskIds]), model };
}

interface Wanted {
  readonly graph: MermaidGraph;
  readonly key: string;
  readonly model: DagModel;
}

function directionFor(stage: Stage): Direction {
  const { width, height } = stage.panZoom.stageSize;
  return width > 0 && (width < NARROW || width < height * 0.7) ? "TB" : "LR";
}

function install(
  stage: Stage,
  before: Shown | null,
  drawing: Drawing,
  { model, key }: Wanted,
  selected: string | null,
): Shown {
  const focused = document.activeElement?.closest("g.node");
  const focusedId = [...(before?.cards ?? [])].find(([, card]) => card.drawn.element === focused)?.[0];
  const cards = new Map<string, NodeCard>();
  for (const task of model.tasks) {
    const drawn = drawing.nodes.get(task.task_id);
    if (drawn !== undefined) cards.set(task.task_id, createNodeCard(drawn, cardText(task, model)));
  }
  describe(drawing, model);
  const anchorId = [selected, ...(before?.cards.keys() ?? [])].find((id) => id !== null && cards.has(id)) ?? null;
  const [from, to] = [placeOf(before?.cards, anchorId), placeOf(cards, anchorId)];
  const anchor = from === null || to === null ? null : { before: from, after: to };
  stage.place(drawing, placeOf(cards, selected) ?? placeOf(cards, cards.keys().next().value ?? null), anchor);
  moveTabStop(cards, selected);
  if (focusedId !== undefined) cards.get(focusedId)?.drawn.element.focus({ preventScroll: true });
  return { key, cards, incoming: incomingPaths(drawing) };
}

function incomingPaths(drawing: Drawing): Map<string, SVGPathElement[]> {
  const paths = new Map<string, SVGPathElement[]>();
  for (const { to, path } of drawing.edges) paths.set(to, [...(paths.get(to) ?? []), path]);
  return paths;
}

function cardText(task: TaskNode, model: DagModel): Parameters<typeof createNodeCard>[1] {
  const groups = enclosingGroups(model, task.group_id).map((group) => `, in group ${groupLabel(group)}`);
  const before = [...new Set(model.edges.filter((edge) => edge.to === task.task_id).map((edge) => edge.from))];
  const after = before.length === 0 ? "" : `, after ${before.join(", ")}`;
  const description = `${groups.join("")}${after}`;
  const role = task.role === undefined ? null : { mark: roleMark(task), spoken: task.role };
  return { label: taskLabel(task), mapped: isMapped(task, model), role, description };
}

/** Roles and names, which mermaid's drawing has not. */
function describe(drawing: Drawing, model: DagModel): void {
  const { svg } = drawing;
  svg.removeAttribute("aria-labelledby");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", `DAG ${model.dag_id}, ${model.tasks.length} tasks`);
  for (const { group_id, element } of drawing.groups) {
    const group = model.groups.find((candidate) => candidate.group_id === group_id);
    element.setAttribute("role", "group");
    element.setAttribute("aria-label", `Task group ${group === undefined ? group_id : groupLabel(group)}`);
  }
}

/** One node can be reached with Tab, the others from it with the arrow keys. */
export function moveTabStop(cards: ReadonlyMap<string, NodeCard>, taskId: string | null): void {
  const stop = taskId !== null && cards.has(taskId) ? taskId : [...cards.keys()][0];
  for (const [id, card] of cards) card.drawn.element.setAttribute("tabindex", id === stop ? "0" : "-1");
}

function placeOf(cards: ReadonlyMap<string, NodeCard> | undefined, id: string | null): Box | null {
  return id === null ? null : (cards?.get(id)?.drawn.place ?? null);
}

function paintTasks(stage: Stage, shown: Shown, state: PageState, ids: ReadonlySet<string>): void {
  for (const task of state.snapshot?.model?.tasks ?? []) {
    const id = task.task_id;
    if (!ids.has(id)) continue;
    const instanceState = stateOf(state, id);
    shown.cards.get(id)?.paint({
      state: instanceState,
      mark: markOf(state, task),
      overlay: state.overlays.get(id) ?? null,
      selected: state.selected === id,
      dimmed: state.emphasised !== null && state.emphasised !== instanceState,
    });
    stage.minimap.setState(id, instanceState);
    for (const path of shown.incoming.get(id) ?? []) path.classList.toggle("active", instanceState === "running");
  }
  const running = [...state.overlays.values()].filter((overlay) => overlay.state === "running").length;
  stage.element.classList.toggle("calm", running > MOVING_AT_MOST);
}
