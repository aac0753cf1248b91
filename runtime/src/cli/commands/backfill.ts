import { Option } from "commander";
import { systemClock } from "../../engine/clock.js";
import { type BackfillHandle, startBackfill } from "../../engine/backfill.js";
import {
  type BackfillPlan,
  REPROCESS_BEHAVIORS,
  type ReprocessBehavior,
  planBackfill,
} from "../../engine/backfillPlan.js";
import { type BackfillScreen, openBackfillScreen } from "../backfillScreen.js";
import { writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { choiceOption, isoDate, jsonObject, positiveCount } from "../options.js";
import { commandFor } from "../runScreen.js";
import { nothingLines, planLines, stoppedLines } from "../views/backfillText.js";
import { stoppedRuns } from "../views/backfillTracker.js";

interface BackfillFlags {
  readonly from?: Date;
  readonly to?: Date;
  readonly dagId?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly maxActiveRuns?: number;
  readonly runBackwards?: true;
  readonly reprocessBehavior: ReprocessBehavior;
  readonly dryRun?: true;
  readonly parallelism?: number;
  readonly format: "text" | "ndjson";
}

export const backfillCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("backfill")
      .description("run a DAG once for every data interval of its schedule that has no run")
      .argument("<file>", "the DAG file")
      .option("--from <iso>", "the first logical date", isoDate("--from"))
      .option("--to <iso>", "the last logical date; now where left out", isoDate("--to"))
      .option("--dag-id <id>", "which DAG, where the file has several")
      .option("--params <json>", "the params of every run, as a JSON object", jsonObject)
      .option("--max-active-runs <n>", "runs at once; those of the DAG where left out", positiveCount)
      .option("--run-backwards", "the latest interval first")
      .addOption(
        new Option("--reprocess-behavior <which>", "which intervals that have a run are run again")
          .choices(REPROCESS_BEHAVIORS)
          .default("none"),
      )
      .option("--dry-run", "only say which intervals would be run")
      .option("--parallelism <n>", "worker processes of all runs; one per core where left out", positiveCount)
      .addOption(choiceOption(["text", "ndjson"], "text for people, or one event a line"))
      .action((file: string, flags: BackfillFlags) => finish(backfill(file, flags, cli)));
  },
};

async function backfill(file: string, flags: BackfillFlags, cli: Cli): Promise<ExitCode> {
  const loading = new AbortController();
  const stopLoading = cli.onInterrupt(() => loading.abort());
  const plan = await planBackfill(
    {
      ...{ file, reprocess_behavior: flags.reprocessBehavior, signal: loading.signal },
      ...(flags.dagId !== undefined && { dag_id: flags.dagId }),
      ...(flags.from && { from: flags.from }),
      ...(flags.to && { to: flags.to }),
      ...(flags.runBackwards && { run_backwards: true }),
    },
    systemClock.now(),
  ).finally(stopLoading);
  if (flags.dryRun) return showPlan(plan, flags, cli);
  if (plan.runs.some(({ isWanted }) => isWanted)) return carryOut(plan, flags, cli);
  const command = commandFor(plan.home, cli);
  if (flags.format === "text") writeLines(cli.out, nothingLines(plan, cli.out.colors, command));
  else writeLines(cli.err, stoppedLines(plan, cli.err.colors, command));
  return codeOf(plan);
}

/** Where a run was stopped before its end, not all is done that was asked for. */
function codeOf(plan: BackfillPlan): ExitCode {
  return stoppedRuns(plan).length === 0 ? 0 : 1;
}

function showPlan(plan: BackfillPlan, { format }: BackfillFlags, cli: Cli): ExitCode {
  if (format === "text") {
    writeLines(cli.out, planLines(plan, cli.out));
    return 0;
  }
  for (const { interval, existing, isWanted } of plan.runs) {
    const [data_interval_start, data_interval_end] = [interval.start, interval.end].map((at) =>
      new Date(at).toISOString(),
    );
    const planned = { logical_date: data_interval_start, data_interval_start, data_interval_end };
    cli.out.write(`${JSON.stringify({ ...planned, existing_run_id: existing?.run_id ?? null, runs: isWanted })}\n`);
  }
  return 0;
}

async function carryOut(plan: BackfillPlan, flags: BackfillFlags, cli: Cli): Promise<ExitCode> {
  const screen = openBackfillScreen(flags.format, plan, cli);
  let handle: BackfillHandle | undefined;
  const stopListening = cli.onInterrupt((times) => interrupt(times, handle, screen, cli));
  try {
    handle = startBackfill(plan, {
      each: {
        ...(flags.params && { params: flags.params }),
        ...(flags.parallelism !== undefined && { parallelism: flags.parallelism }),
      },
      ...(flags.maxActiveRuns !== undefined && { max_active_runs: flags.maxActiveRuns }),
      onBegin: (planned, run) => screen.begin(planned, run.run_id),
      onEvent: (event) => screen.event(event),
      onEnd: (ended) => screen.end(ended),
    });
    const result = await handle.done;
    screen.close();
    screen.report(result);
    return !result.cancelled && result.runs.every(({ state }) => state === "success") ? codeOf(plan) : 1;
  } finally {
    stopListening();
    screen.close();
  }
}

function interrupt(times: number, handle: BackfillHandle | undefined, screen: BackfillScreen, cli: Cli): void {
  if (handle !== undefined && times === 1) {
    handle.cancel();
    screen.notice("Cancelling: the runs under way are being ended. Press Ctrl-C again to stop at once.");
    return;
  }
  screen.close();
  cli.err.write("Stopped.\n");
  cli.forceExit(130);
}
