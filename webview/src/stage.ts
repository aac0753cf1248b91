import { element, icon } from "./dom.js";
import { createMinimap } from "./minimap.js";
import type { Minimap } from "./minimap.js";
import { createPanZoom } from "./panZoom.js";
import type { PanZoom } from "./panZoom.js";
import type { Drawing } from "./render.js";
import { bringIntoView, firstView, fitAll } from "./viewport.js";
import type { Box } from "./viewport.js";

/** The area that the drawing lies in: view, tools and minimap. */
export interface Stage {
  readonly element: HTMLElement;
  readonly minimap: Minimap;
  readonly tools: HTMLElement;
  readonly panZoom: PanZoom;
  /** Replaces the drawing; `focus` names what must be seen if not everything can be. */
  place(drawing: Drawing, focus: Box | null, anchor: Anchor | null): void;
  reveal(node: Box): void;
  zoom(factor: number): void;
  fit(): void;
}

/** A node of the drawing before, which must not jump when the new one takes its place. */
interface Anchor {
  readonly before: Box;
  readonly after: Box;
}

const ZOOM_STEP = 1.25;

export function createStage(): Stage {
  const layer = element("div", { className: "layer" });
  const stage = element("main", { className: "stage", attributes: { "aria-label": "Graph" } }, layer);
  let drawing: Drawing | null = null;
  let home: Box | null = null;
  const panZoom = createPanZoom(stage, layer, (view) => {
    minimap.follow(view, panZoom.stageSize);
  });
  const minimap = createMinimap((x, y) => {
    const { scale } = panZoom.view;
    const { width, height } = panZoom.stageSize;
    panZoom.show({ scale, x: width / 2 - x * scale, y: height / 2 - y * scale });
  });
  const showHome = (): void => {
    if (drawing !== null) panZoom.show(firstView(drawing.size, panZoom.stageSize, home));
  };
  const fit = (): void => {
    panZoom.release();
    if (drawing !== null) panZoom.show(fitAll(drawing.size, panZoom.stageSize));
  };
  const tools = createTools({ zoom: panZoom.zoom, fit });
  stage.append(minimap.element, tools);
  new ResizeObserver(() => {
    if (panZoom.movedByPerson) panZoom.show(panZoom.view);
    else showHome();
  }).observe(stage);
  return {
    element: stage,
    minimap,
    tools,
    panZoom,
    place: (next, focus, anchor) => {
      drawing = next;
      home = focus;
      layer.replaceChildren(next.svg);
      minimap.show(next);
      if (panZoom.movedByPerson && anchor !== null) panZoom.show(anchored(panZoom, anchor));
      else showHome();
    },
    reveal: (node) => {
      panZoom.show(bringIntoView(panZoom.view, node, panZoom.stageSize));
    },
    zoom: panZoom.zoom,
    fit,
  };
}

function anchored({ view }: PanZoom, { before, after }: Anchor): PanZoom["view"] {
  const { scale } = view;
  return { scale, x: view.x + (before.x - after.x) * scale, y: view.y + (before.y - after.y) * scale };
}

function createTools({ zoom, fit }: { zoom: (factor: number) => void; fit: () => void }): HTMLElement {
  return element(
    "div",
    { className: "tools", attributes: { role: "toolbar", "aria-label": "View", "aria-orientation": "vertical" } },
    toolButton("\uea60", "Zoom in", () => {
      zoom(ZOOM_STEP);
    }),
    toolButton("\ueb3b", "Zoom out", () => {
      zoom(1 / ZOOM_STEP);
    }),
    toolButton("\ueb4c", "Show all", fit),
  );
}

export function toolButton(glyph: string, label: string, press: () => void): HTMLButtonElement {
  const created = element("button", { attributes: { type: "button", title: label, "aria-label": label } }, icon(glyph));
  created.addEventListener("click", press);
  return created;
}
