import { element, svgElement } from "./dom.js";
import type { Drawing } from "./render.js";
import type { Size, View } from "./viewport.js";
import { showsAll, visiblePart } from "./viewport.js";

export interface Minimap {
  readonly element: HTMLElement;
  show(drawing: Drawing): void;
  setState(taskId: string, state: string): void;
  follow(view: View, stage: Size): void;
}

/** A small picture of the whole graph, there only while the stage shows less than all of it. */
export function createMinimap(goTo: (x: number, y: number) => void): Minimap {
  const host = element("div", { className: "minimap", attributes: { "aria-hidden": "true" } });
  let drawing: Drawing | null = null;
  let frame: SVGRectElement | null = null;
  let marks = new Map<string, SVGRectElement>();
  onPress(host, (event) => {
    const matrix = host.querySelector("svg")?.getScreenCTM() ?? null;
    if (matrix === null) return;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    goTo(point.x, point.y);
  });
  return {
    element: host,
    show: (next) => {
      drawing = next;
      frame = svgElement("rect", { class: "frame" });
      marks = new Map([...next.nodes].map(([id, { place }]) => [id, svgElement("rect", { ...place, rx: 6 })]));
      const svg = svgElement("svg", { viewBox: `0 0 ${next.size.width} ${next.size.height}` });
      svg.append(...marks.values(), frame);
      host.replaceChildren(svg);
    },
    setState: (taskId, state) => {
      marks.get(taskId)?.setAttribute("class", `state-${state}`);
    },
    follow: (view, stage) => {
      if (drawing === null || frame === null) return;
      host.hidden = showsAll(view, drawing.size, stage);
      if (host.hidden) return;
      for (const [name, value] of Object.entries(visiblePart(view, stage))) frame.setAttribute(name, String(value));
    },
  };
}

function onPress(host: HTMLElement, press: (event: PointerEvent) => void): void {
  host.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    host.setPointerCapture(event.pointerId);
    press(event);
  });
  host.addEventListener("pointermove", (event) => {
    if (host.hasPointerCapture(event.pointerId)) press(event);
  });
}
