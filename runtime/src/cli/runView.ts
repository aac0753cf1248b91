import type { RunEvent } from "#core/model/runEvent.js";
import { writeLines, type Cli } from "./cli.js";
import { LiveRegion } from "./liveRegion.js";
import { liveLines } from "./views/liveView.js";
import { plainLines } from "./views/plainLines.js";
import type { RunTracker } from "./views/runTracker.js";

/** What is on the screen while a run is under way. */
export interface RunView {
  readonly event: (event: RunEvent) => void;
  /** Something that the person should know now, e.g. that the run is being cancelled. */
  readonly notice: (text: string) => void;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
}

const FRAME_MS = 80;

/** One JSON object a line, for programs. */
export function ndjsonView(cli: Cli): RunView {
  return {
    event: (event) => {
      cli.out.write(`${JSON.stringify(event)}\n`);
    },
    notice: (text) => {
      cli.err.write(`${text}\n`);
    },
    close: () => undefined,
  };
}

export function textView(cli: Cli, tracker: RunTracker): RunView {
  return cli.out.isTTY ? liveView(cli, tracker) : plainView(cli, tracker);
}

function plainView(cli: Cli, tracker: RunTracker): RunView {
  const announced = new Set<string>();
  return {
    event: (event) => {
      tracker.apply(event);
      writeLines(cli.out, plainLines(event, tracker, announced, { colors: cli.out.colors, cwd: cli.cwd }));
    },
    notice: (text) => {
      cli.err.write(`${text}\n`);
    },
    close: () => undefined,
  };
}

/** Events only change the state; the picture is drawn by a clock, so that a burst of events costs one frame. */
function liveView(cli: Cli, tracker: RunTracker): RunView {
  const { out } = cli;
  let notice: string | undefined;
  const draw = (): void => {
    if (tracker.run === undefined) return;
    const size = { width: out.columns() - 1, height: out.rows(), now: Date.now() };
    region.draw(liveLines(tracker.run, { colors: out.colors, ...size, ...(notice === undefined ? {} : { notice }) }));
  };
  const region = new LiveRegion(out, draw);
  const clock = setInterval(draw, FRAME_MS);
  clock.unref();
  return {
    event: (event) => {
      tracker.apply(event);
    },
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
