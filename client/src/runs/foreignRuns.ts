import type { RunDetails, RunError } from "#core/model/run.js";
import type { ShownRun } from "../preview/previewSession.js";
import { shownRunOf } from "./historyRun.js";
import { isOver } from "./runBook.js";
import type { RunEntry } from "./runBook.js";

const FOLLOW_INTERVAL_MS = 1000;

/**
 * Follows one run that another process executes, for the graph: no event tells of it, so its record is read again and
 * again, until it ends or nobody looks.
 */
export class ForeignRuns {
  private timer: NodeJS.Timeout | undefined;
  private followed: RunEntry | undefined;

  /** `show` shows how the run stands now; false: nobody looks at it any more. */
  constructor(
    private readonly read: (entry: RunEntry) => Promise<RunDetails | RunError>,
    private readonly show: (run: ShownRun) => boolean,
  ) {}

  follow(entry: RunEntry): void {
    clearTimeout(this.timer);
    this.followed = entry;
    this.timer = setTimeout(() => void this.look(entry), FOLLOW_INTERVAL_MS);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.followed = undefined;
  }

  private async look(entry: RunEntry): Promise<void> {
    const details = await this.read(entry);
    if (this.followed !== entry || !("tasks" in details)) return;
    if (this.show(shownRunOf(details, entry.home)) && !isOver(details.state)) this.follow(entry);
  }
}
