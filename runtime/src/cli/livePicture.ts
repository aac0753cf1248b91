import type { Output } from "./cli.js";
import { LiveRegion } from "./liveRegion.js";
import type { LiveOptions } from "./views/liveView.js";

const FRAME_MS = 80;

/** What the terminal shows while something is under way. */
export interface LivePicture {
  /** Said in the picture from now on. */
  readonly notice: (text: string) => void;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
}

/** Draws by a clock, so that a burst of changes costs one frame. `linesOf` gives null where there is nothing to show yet. */
export function openLivePicture(out: Output, linesOf: (frame: LiveOptions) => readonly string[] | null): LivePicture {
  let notice: string | undefined;
  const draw = (): void => {
    const size = { width: out.columns() - 1, height: out.rows(), now: Date.now() };
    const lines = linesOf({ colors: out.colors, ...size, ...(notice !== undefined && { notice }) });
    if (lines !== null) region.draw(lines);
  };
  const region = new LiveRegion(out, draw);
  const clock = setInterval(draw, FRAME_MS);
  clock.unref();
  return {
    notice: (text) => {
      notice = text;
      draw();
    },
    close: () => {
      clearInterval(clock);
      region.close();
    },
  };
}
