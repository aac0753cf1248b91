import type { RunEvent } from "#core/model/runEvent.js";
import type { BackfillResult, BackfilledRun } from "../engine/backfill.js";
import type { BackfillPlan, PlannedRun } from "../engine/backfillPlan.js";
import { writeLines, type Cli } from "./cli.js";
import { openLivePicture } from "./livePicture.js";
import { commandFor } from "./runScreen.js";
import { readSource } from "./sources.js";
import { beginLine, endLine, progressLines, resultLines, stoppedLines } from "./views/backfillText.js";
import { BackfillTracker } from "./views/backfillTracker.js";

/** All that is shown of a backfill. */
export interface BackfillScreen {
  readonly begin: (planned: PlannedRun, run_id: string) => void;
  readonly event: (event: RunEvent) => void;
  readonly end: (ended: BackfilledRun) => void;
  readonly notice: (text: string) => void;
  /** Leaves the terminal as it was. */
  readonly close: () => void;
  /** What became of every interval, for people; nothing for programs. */
  readonly report: (result: BackfillResult) => void;
}

export function openBackfillScreen(format: "text" | "ndjson", plan: BackfillPlan, cli: Cli): BackfillScreen {
  if (format === "ndjson") return ndjsonScreen(plan, cli);
  const tracker = new BackfillTracker(plan);
  return cli.out.isTTY ? liveScreen(tracker, plan.home, cli) : plainScreen(tracker, plan.home, cli);
}

function ndjsonScreen(plan: BackfillPlan, cli: Cli): BackfillScreen {
  const nothing = (): void => undefined;
  return {
    ...{ begin: nothing, close: nothing },
    report: () => writeLines(cli.err, stoppedLines(plan, cli.err.colors, commandFor(plan.home, cli))),
    event: (event) => cli.out.write(`${JSON.stringify(event)}\n`),
    // Its place is in no run: there is none.
    end: ({ run_id, error }) => {
      if (run_id === null && error !== null) cli.err.write(`${error.code}: ${error.message}\n`);
    },
    notice: (text) => cli.err.write(`${text}\n`),
  };
}

function plainScreen(tracker: BackfillTracker, home: string, cli: Cli): BackfillScreen {
  const { colors } = cli.out;
  return {
    begin: (planned, run_id) => {
      tracker.begin(planned, run_id);
      writeLines(cli.out, [beginLine(planned, run_id, colors)]);
    },
    event: (event) => tracker.event(event),
    end: (ended) => {
      tracker.end(ended);
      writeLines(cli.out, [endLine(ended, tracker, colors)]);
    },
    notice: (text) => cli.err.write(`${text}\n`),
    close: () => undefined,
    report: (result) => report(result, tracker, home, cli),
  };
}

/** Events only change the state; the picture is drawn by a clock. */
function liveScreen(tracker: BackfillTracker, home: string, cli: Cli): BackfillScreen {
  return {
    begin: (planned, run_id) => tracker.begin(planned, run_id),
    event: (event) => tracker.event(event),
    end: (ended) => tracker.end(ended),
    ...openLivePicture(cli.out, (frame) => progressLines(tracker, frame)),
    report: (result) => report(result, tracker, home, cli),
  };
}

function report(result: BackfillResult, tracker: BackfillTracker, home: string, cli: Cli): void {
  const { colors } = cli.out;
  const view = { cwd: cli.cwd, colors, readSource, width: cli.out.columns(), command: commandFor(home, cli) };
  writeLines(cli.out, resultLines(result, tracker, view));
}
