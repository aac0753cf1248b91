import { existsSync } from "node:fs";
import { findHome, openHistory } from "../store/history.js";
import { type PrunePlan, planPrune, pruneRuns } from "../store/prune.js";
import { isWanted } from "./ask.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "./cli.js";
import { runTable } from "./views/historyText.js";
import { plural } from "./views/text.js";

export interface PruneFlags {
  readonly keep: number;
  readonly dagId?: string;
  readonly yes?: true;
  readonly format: "text" | "json";
}

/** Shows which runs would be removed, asks, and removes them. */
export async function prune(flags: PruneFlags, cli: Cli): Promise<ExitCode> {
  const home = findHome(cli.cwd);
  const history = existsSync(home) ? openHistory(home) : null;
  const nothing: PrunePlan = { removed: [], live: [], kept: 0 };
  const plan = history ? await planPrune(home, history, flags.keep, flags.dagId) : nothing;
  history?.close();
  const { length } = plan.removed;
  if (length > 0) {
    // What is on stdout is the answer alone.
    writeLines(cli.err, planLines(plan, cli));
    if (flags.yes !== true && !(await isWanted(cli, `Remove ${plural(length, "run")} for good?`))) {
      writeLines(cli.err, ["Nothing was removed."]);
      return 0;
    }
  }
  const gone = history ? await pruneRuns(home, plan.removed) : [];
  if (flags.format === "json") writeJson(cli.out, gone);
  else writeLines(cli.out, [`Removed ${plural(gone.length, "run")}.`, ...stayedLines(length - gone.length)]);
  return 0;
}

function planLines({ removed, live, kept }: PrunePlan, cli: Cli): string[] {
  const { colors } = cli.err;
  return [
    `Removes ${plural(removed.length, "run")} with their logs and results, and keeps ${String(kept + live.length)}:`,
    ...runTable(removed, cli.err.columns(), colors).map((line) => `  ${line}`),
    ...(live.length > 0 ? [`Of older ones it keeps ${plural(live.length, "run")} that a process executes.`] : []),
  ];
}

function stayedLines(count: number): string[] {
  return count === 0 ? [] : [`${plural(count, "run")} went on meanwhile, and stayed.`];
}
