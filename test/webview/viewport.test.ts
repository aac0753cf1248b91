import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bringIntoView, firstView, fitAll, showsAll, visiblePart, zoomAt } from "../../webview/src/viewport.js";

const size = fc.record({ width: fc.integer({ min: 50, max: 20_000 }), height: fc.integer({ min: 50, max: 20_000 }) });
const stage = fc.record({ width: fc.integer({ min: 300, max: 2000 }), height: fc.integer({ min: 200, max: 1500 }) });

describe("views", () => {
  test("a small graph is shown whole and not enlarged", () => {
    const view = firstView({ width: 500, height: 60 }, { width: 1000, height: 600 }, null);
    expect(view).toEqual({ scale: 1, x: 250, y: 270 });
  });

  test("a long chain starts readable, at its beginning", () => {
    const view = firstView({ width: 9000, height: 60 }, { width: 1000, height: 600 }, null);
    expect(view.scale).toBeGreaterThan(0.7);
    expect(view.x).toBeGreaterThan(0);
  });

  test("or around the selected task, without empty room beyond the end", () => {
    const node = { x: 8800, y: 0, width: 130, height: 50 };
    const drawing = { width: 9000, height: 60 };
    const room = { width: 1000, height: 600 };
    const view = firstView(drawing, room, node);
    expect(bringIntoView(view, node, room)).toEqual(view);
    const part = visiblePart(view, room);
    expect(part.x + part.width).toBeLessThan(drawing.width + 60);
  });

  test("every first view is readable or shows everything", () => {
    fc.assert(
      fc.property(size, stage, (drawing, room) => {
        const view = firstView(drawing, room, null);
        expect(view.scale >= 0.72 || showsAll(view, drawing, room)).toBe(true);
      }),
    );
  });

  test("'show all' shows all, down to the smallest scale", () => {
    fc.assert(
      fc.property(size, stage, (drawing, room) => {
        const view = fitAll(drawing, room);
        expect(view.scale <= 0.08 || showsAll(view, drawing, room)).toBe(true);
      }),
    );
  });

  test("zooming keeps the point under the pointer", () => {
    const before = { x: 10, y: 20, scale: 1 };
    const after = zoomAt(before, 1.5, 110, 220);
    expect([(110 - after.x) / after.scale, (220 - after.y) / after.scale]).toEqual([100, 200]);
    expect(zoomAt(before, 1e9, 0, 0).scale).toBe(3);
  });

  test("a node that is seen already does not move the view", () => {
    const view = { x: 0, y: 0, scale: 1 };
    const room = { width: 400, height: 400 };
    expect(bringIntoView(view, { x: 100, y: 100, width: 50, height: 50 }, room)).toEqual(view);
    expect(bringIntoView(view, { x: 600, y: 100, width: 50, height: 50 }, room)).toEqual({ x: -278, y: 0, scale: 1 });
  });
});
