import { expect, test } from "vitest";
import { LiveRegion } from "../../runtime/src/cli/liveRegion.js";
import { Screen } from "./support/screen.js";

const noRedraw = (): void => undefined;

test("a frame replaces the one before, however many lines it has", () => {
  const screen = new Screen(20);
  const output = screen.output();
  output.write("before\n");
  const region = new LiveRegion(output, noRedraw);
  region.draw(["one", "two", "three"]);
  expect(screen.lines).toEqual(["before", "one", "two", "three"]);
  region.draw(["uno"]);
  expect(screen.lines).toEqual(["before", "uno"]);
  region.draw(["un", "deux"]);
  expect(screen.lines).toEqual(["before", "un", "deux"]);
});

test("closing leaves nothing of the region and gives the cursor back", () => {
  const screen = new Screen(20);
  const output = screen.output();
  const region = new LiveRegion(output, noRedraw);
  region.draw(["one", "two"]);
  expect(screen.cursorVisible).toBe(false);
  region.close();
  output.write("after\n");
  expect(screen.lines).toEqual(["after"]);
  expect(screen.cursorVisible).toBe(true);
});

test("a narrower terminal that wrapped the old lines is cleaned up, too", () => {
  const screen = new Screen(20);
  const output = screen.output();
  output.write("before\n");
  let frame = ["fifteen letters", "another fifteen"];
  const region = new LiveRegion(output, () => {
    region.draw(frame);
  });
  region.draw(frame);
  frame = ["short", "lines"];
  screen.resize(8);
  expect(screen.lines).toEqual(["before", "short", "lines"]);
});

test("an unchanged frame writes nothing", () => {
  const screen = new Screen(20);
  let writes = 0;
  const output = screen.output();
  const counting = { ...output, write: () => (writes += 1) };
  const region = new LiveRegion(counting, noRedraw);
  region.draw(["same"]);
  region.draw(["same"]);
  expect(writes).toBe(1);
});
