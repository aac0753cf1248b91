import type { PageMessage } from "#core/protocol/parse.js";
import { moveTabStop } from "./graphView.js";
import type { GraphView } from "./graphView.js";
import type { Stage } from "./stage.js";
import type { PageAction, PageState } from "./state.js";
import { stateOf } from "./state.js";
import type { Tooltip } from "./tooltip.js";
import type { Box } from "./viewport.js";

export interface InteractionContext {
  readonly stage: Stage;
  readonly view: GraphView;
  readonly tooltip: Tooltip;
  readonly state: () => PageState;
  readonly dispatch: (action: PageAction) => void;
  readonly post: (message: PageMessage) => void;
}

/** Elsewhere the browser itself opens the context menu of what has the focus, by Shift+F10 or the menu key. */
const IS_MAC = navigator.userAgent.includes("Mac OS");

const ZOOM_KEYS: Readonly<Record<string, number>> = { "+": 1.25, "=": 1.25, "-": 0.8 };

const DIRECTIONS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/**
 * Clicks, keys and hovering are our own listeners over the drawing: mermaid's `click` directive would need its loose
 * security level.
 */
export function listenToStage(context: InteractionContext): void {
  const { stage, tooltip } = context;
  const on = <K extends keyof HTMLElementEventMap>(
    name: K,
    act: (taskId: string, event: HTMLElementEventMap[K]) => void,
  ): void => {
    stage.element.addEventListener(name, (event) => {
      const taskId = taskAt(context.view, event.target);
      if (taskId !== null) act(taskId, event);
    });
  };
  const pick = (taskId: string): void => {
    focusTask(context, taskId);
    context.dispatch({ method: "pickTask", params: { task_id: taskId } });
  };
  on("click", pick);
  on("dblclick", (taskId) => {
    openLog(context, taskId);
  });
  on("pointerover", (taskId, event) => {
    if (taskAt(context.view, event.relatedTarget) !== taskId) showTooltip(context, taskId);
  });
  on("pointerout", (taskId, event) => {
    if (taskAt(context.view, event.relatedTarget) !== taskId) tooltip.hide();
  });
  on("focusin", (taskId) => {
    if (nodeOf(context, taskId)?.matches(":focus-visible") === true) showTooltip(context, taskId);
  });
  for (const name of ["focusout", "wheel", "pointerdown", "contextmenu"] as const) {
    stage.element.addEventListener(name, tooltip.hide, { passive: true });
  }
  on("keydown", (taskId, event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) openLog(context, taskId);
    else if (event.key === "Enter" || event.key === " ") pick(taskId);
    else if (event.key === "F10" && event.shiftKey && IS_MAC) openMenu(context, taskId);
    else if (!moveFocus(context, taskId, event.key)) return;
    event.preventDefault();
  });
  listenToViewKeys(context);
}

function listenToViewKeys({ stage, tooltip }: InteractionContext): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") tooltip.hide();
    // Only where a key is no text: the toolkit's dropdown takes letters and signs.
    if (event.target !== document.body && !stage.element.contains(event.target as Node)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const factor = ZOOM_KEYS[event.key];
    if (factor !== undefined) stage.zoom(factor);
    else if (event.key === "0") stage.fit();
  });
}

/** The task of the node that an event happened in. */
function taskAt(view: GraphView, target: EventTarget | null): string | null {
  const node = target instanceof Element ? target.closest("g.node") : null;
  if (node === null) return null;
  for (const [id, card] of view.cards) if (card.drawn.element === node) return id;
  return null;
}

function nodeOf({ view }: InteractionContext, taskId: string): SVGGElement | undefined {
  return view.cards.get(taskId)?.drawn.element;
}

function showTooltip(context: InteractionContext, taskId: string): void {
  const node = nodeOf(context, taskId);
  if (node !== undefined) context.tooltip.show(taskId, node);
}

/** Before a task has started there is no log; its source is what can be shown. */
function openLog({ state, post }: InteractionContext, taskId: string): void {
  const started = !["none", "scheduled", "queued"].includes(stateOf(state(), taskId));
  post({ method: started ? "openLog" : "revealTask", params: { task_id: taskId } });
}

function openMenu(context: InteractionContext, taskId: string): void {
  const node = nodeOf(context, taskId);
  if (node === undefined) return;
  const { left, bottom } = node.getBoundingClientRect();
  const place = { clientX: left, clientY: bottom };
  node.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, cancelable: true, ...place }));
}

function moveFocus(context: InteractionContext, from: string, key: string): boolean {
  const ids = [...context.view.cards.keys()];
  const direction = DIRECTIONS[key];
  const ends: Readonly<Record<string, string | undefined>> = { Home: ids[0], End: ids.at(-1) };
  if (direction === undefined && !(key in ends)) return false;
  const to = direction === undefined ? ends[key] : nearest(context.view, from, direction);
  if (to !== undefined) focusTask(context, to);
  return true;
}

function focusTask(context: InteractionContext, taskId: string): void {
  const card = context.view.cards.get(taskId);
  if (card === undefined) return;
  moveTabStop(context.view.cards, taskId);
  card.drawn.element.focus({ preventScroll: true });
  context.stage.reveal(card.drawn.place);
}

/** The node that lies furthest ahead for the least turn: what a person would call the next one that way. */
function nearest(view: GraphView, from: string, [dx, dy]: readonly [number, number]): string | undefined {
  const start = view.cards.get(from)?.drawn.place;
  if (start === undefined) return undefined;
  let best: { readonly id: string; readonly cost: number } | undefined;
  for (const [id, { drawn }] of view.cards) {
    const [x, y] = offset(start, drawn.place);
    const ahead = x * dx + y * dy;
    const cost = ahead + 2 * (Math.abs(x * dy) + Math.abs(y * dx));
    if (ahead > 1 && (best === undefined || cost < best.cost)) best = { id, cost };
  }
  return best?.id;
}

function offset(from: Box, to: Box): readonly [number, number] {
  return [to.x + to.width / 2 - from.x - from.width / 2, to.y + to.height / 2 - from.y - from.height / 2];
}
