/** Where the drawing stands in the stage: stage = drawing × `scale` + (`x`, `y`), in CSS pixels. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  /** Of the left upper corner. */
  readonly x: number;
  readonly y: number;
}

const MIN_SCALE = 0.08;
const MAX_SCALE = 3;
/** Below this, text of 13 px cannot be read: the first view then shows a part of the graph instead of all. */
const READABLE_SCALE = 0.72;
const COMFORTABLE_SCALE = 0.92;
const MARGIN = 28;

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}

/** Zooms so that the point of the drawing under (`x`, `y`) of the stage stays there. */
export function zoomAt(view: View, factor: number, x: number, y: number): View {
  const scale = clampScale(view.scale * factor);
  const ratio = scale / view.scale;
  return { scale, x: x - (x - view.x) * ratio, y: y - (y - view.y) * ratio };
}

/** All of the drawing, as large as it fits, never enlarged. */
export function fitAll(drawing: Size, stage: Size): View {
  const room = { width: Math.max(1, stage.width - 2 * MARGIN), height: Math.max(1, stage.height - 2 * MARGIN) };
  const scale = clampScale(Math.min(1, room.width / drawing.width, room.height / drawing.height));
  return centred({ x: 0, y: 0, ...drawing }, stage, scale);
}

/**
 * The view that a person sees first: everything, where that can be read; else the given node in the middle, without
 * leaving empty room beyond the drawing's edges.
 */
export function firstView(drawing: Size, stage: Size, focus: Box | null): View {
  const all = fitAll(drawing, stage);
  if (all.scale >= READABLE_SCALE) return all;
  const scale = COMFORTABLE_SCALE;
  const around = centred(focus ?? { x: 0, y: 0, width: 0, height: 0 }, stage, scale);
  return {
    scale,
    x: alongAxis(around.x, drawing.width * scale, stage.width),
    y: alongAxis(around.y, drawing.height * scale, stage.height),
  };
}

/** The smallest move that brings a node wholly into the stage. */
export function bringIntoView(view: View, node: Box, stage: Size): View {
  return {
    scale: view.scale,
    x: view.x + overhang(node.x * view.scale + view.x, node.width * view.scale, stage.width),
    y: view.y + overhang(node.y * view.scale + view.y, node.height * view.scale, stage.height),
  };
}

/** Which part of the drawing the stage shows. */
export function visiblePart(view: View, stage: Size): Box {
  return {
    x: -view.x / view.scale,
    y: -view.y / view.scale,
    width: stage.width / view.scale,
    height: stage.height / view.scale,
  };
}

export function showsAll(view: View, drawing: Size, stage: Size): boolean {
  const part = visiblePart(view, stage);
  const right = part.x + part.width;
  const bottom = part.y + part.height;
  return part.x <= 0 && part.y <= 0 && right >= drawing.width && bottom >= drawing.height;
}

function centred(box: Box, stage: Size, scale: number): View {
  return {
    scale,
    x: stage.width / 2 - (box.x + box.width / 2) * scale,
    y: stage.height / 2 - (box.y + box.height / 2) * scale,
  };
}

function alongAxis(offset: number, length: number, room: number): number {
  if (length + 2 * MARGIN <= room) return (room - length) / 2;
  return Math.min(MARGIN, Math.max(room - length - MARGIN, offset));
}

function overhang(start: number, length: number, room: number): number {
  if (start < MARGIN || length + 2 * MARGIN > room) return Math.max(0, MARGIN - start);
  return Math.min(0, room - MARGIN - start - length);
}
