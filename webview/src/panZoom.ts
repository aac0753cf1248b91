import type { Size, View } from "./viewport.js";
import { zoomAt } from "./viewport.js";

export interface PanZoom {
  readonly view: View;
  readonly stageSize: Size;
  /** True once the person moved the view: from then on only they decide where it stands. */
  readonly movedByPerson: boolean;
  show(view: View): void;
  /** Around the middle of the stage. */
  readonly zoom: (factor: number) => void;
  /** Gives the view back to the page, e.g. after `fit`. */
  release(): void;
}

const DRAG_THRESHOLD = 4;

/**
 * Drag and wheel over `stage`, applied to `layer` as one CSS transform: a transform of the whole layer stays smooth
 * where re-writing the drawing's own coordinates does not.
 */
export function createPanZoom(stage: HTMLElement, layer: HTMLElement, moved: (view: View) => void): PanZoom {
  let view: View = { x: 0, y: 0, scale: 1 };
  let movedByPerson = false;
  const show = (next: View): void => {
    view = next;
    layer.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale})`;
    moved(view);
  };
  const move = (next: View): void => {
    movedByPerson = true;
    show(next);
  };
  onWheel(stage, (factor, x, y) => {
    move(zoomAt(view, factor, x, y));
  });
  onDrag(stage, (dx, dy) => {
    move({ ...view, x: view.x + dx, y: view.y + dy });
  });
  return {
    get view() {
      return view;
    },
    get stageSize() {
      return { width: stage.clientWidth, height: stage.clientHeight };
    },
    get movedByPerson() {
      return movedByPerson;
    },
    show,
    zoom: (factor) => {
      move(zoomAt(view, factor, stage.clientWidth / 2, stage.clientHeight / 2));
    },
    release: () => {
      movedByPerson = false;
    },
  };
}

function onWheel(stage: HTMLElement, zoomed: (factor: number, x: number, y: number) => void): void {
  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { left, top } = stage.getBoundingClientRect();
      // A trackpad's pinch arrives as small steps with `ctrlKey`; a mouse wheel as about 100 a notch.
      const speed = event.ctrlKey ? 0.01 : 0.0016;
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      zoomed(Math.exp(-event.deltaY * lines * speed), event.clientX - left, event.clientY - top);
    },
    { passive: false },
  );
}

/** The pointer is captured only once it moved: a captured click would never reach the node under it. */
function onDrag(stage: HTMLElement, dragged: (dx: number, dy: number) => void): void {
  let from: { pointer: number; x: number; y: number; dragging: boolean } | null = null;
  stage.addEventListener("pointerdown", (event) => {
    const onButton = event.target instanceof Element && event.target.closest("button") !== null;
    if (event.button === 0 && !onButton)
      from = { pointer: event.pointerId, x: event.clientX, y: event.clientY, dragging: false };
  });
  stage.addEventListener("pointermove", (event) => {
    if (from?.pointer !== event.pointerId) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.dragging && Math.hypot(dx, dy) < DRAG_THRESHOLD) return;
    if (!from.dragging) stage.setPointerCapture(event.pointerId);
    stage.classList.add("dragging");
    from = { pointer: event.pointerId, x: event.clientX, y: event.clientY, dragging: true };
    dragged(dx, dy);
  });
  const end = (): void => {
    from = null;
    stage.classList.remove("dragging");
  };
  stage.addEventListener("pointerup", end);
  stage.addEventListener("pointercancel", end);
}
