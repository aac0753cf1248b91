import type { RunEvent } from "#core/model/runEvent.js";
import { writeLines, type Cli } from "./cli.js";
import { openLivePicture } from "./livePicture.js";
import { type LiveOptions, liveLines } from "./views/liveView.js";
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

/** Events only change the state; the picture is drawn by a clock. */
function liveView(cli: Cli, tracker: RunTracker): RunView {
  const linesOf = (frame: LiveOptions): readonly string[] | null =>
    tracker.run ? liveLines(tracker.run, frame) : null;
  return {
    event: (event) => {
      tracker.apply(event);
    },
    ...openLivePicture(cli.out, linesOf),
  };
}
