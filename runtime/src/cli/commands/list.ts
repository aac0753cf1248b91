import { systemClock } from "../../engine/clock.js";
import { FanoutError } from "../../errors.js";
import { nextInterval } from "../../schedule/intervals.js";
import { type ScheduleSource, readTimetable } from "../../schedule/readTimetable.js";
import type { DataInterval } from "../../schedule/timetable.js";
import { isMapped } from "#core/model/graph.js";
import type { DagModel } from "#core/model/dag.js";
import { existingPaths, readDags } from "../batch.js";
import { writeJson, writeLines, type Cli, type ExitCode } from "../cli.js";
import type { CliCommand } from "../command.js";
import { formatOption } from "../options.js";
import { pathText, placeText } from "../views/errorText.js";
import { tableLines } from "../views/table.js";

interface ListFlags {
  readonly format: "text" | "json";
}

/** One row of `fanout list --format json`. */
interface ListedDag {
  readonly dag_id: string;
  /** Absolute path. */
  readonly file: string;
  readonly schedule: string | null;
  readonly timezone: string;
  /** Of the interval that a scheduler would run next, when it is over; null where there is none. */
  readonly next_dagrun_data_interval_start: string | null;
  readonly next_dagrun_data_interval_end: string | null;
  readonly tasks: number;
  readonly mapped_tasks: number;
}

export const listCommand: CliCommand = {
  define: (program, cli, finish) => {
    program
      .command("list")
      .description("list the DAGs of files and folders, read without executing them")
      .argument("[paths...]", "files and folders; the current folder where left out")
      .addOption(formatOption())
      .action((paths: string[], flags: ListFlags) => finish(list(paths, flags, cli)));
  },
};

async function list(paths: readonly string[], flags: ListFlags, cli: Cli): Promise<ExitCode> {
  const { dags, problems } = await readDags(cli, existingPaths(cli, paths));
  const listed = await Promise.all(dags.map((model) => listedDag(model, cli)));
  if (flags.format === "json") writeJson(cli.out, listed);
  else writeLines(cli.out, listLines(listed, cli));
  for (const problem of problems) cli.err.write(`${placeText(problem, cli.cwd)}: ${problem.message}\n`);
  return 0;
}

async function listedDag(model: DagModel, cli: Cli): Promise<ListedDag> {
  const { timezone = "UTC" } = model;
  const next = await nextOf(model, { schedule: model.schedule, timezone, at: model.span }, cli);
  return {
    dag_id: model.dag_id,
    file: model.span?.file ?? "",
    schedule: model.schedule,
    timezone,
    next_dagrun_data_interval_start: next && new Date(next.start).toISOString(),
    next_dagrun_data_interval_end: next && new Date(next.end).toISOString(),
    tasks: model.tasks.length,
    mapped_tasks: model.tasks.filter((task) => isMapped(task, model)).length,
  };
}

/** A schedule that cannot be read is told of, and does not keep the others from being listed. */
async function nextOf(
  { start_date, end_date }: DagModel,
  source: ScheduleSource,
  cli: Cli,
): Promise<DataInterval | null> {
  const earliest = start_date === undefined ? -Infinity : Date.parse(start_date);
  const latest = end_date === undefined ? Infinity : Date.parse(end_date);
  try {
    const timetable = await readTimetable(source);
    return timetable && nextInterval(timetable, { earliest, latest, now: systemClock.now() });
  } catch (thrown) {
    if (!FanoutError.is(thrown)) throw thrown;
    const place = thrown.at === undefined ? "" : `${placeText(thrown.at, cli.cwd)}: `;
    cli.err.write(`${place}${thrown.message}\n`);
    return null;
  }
}

function listLines(dags: readonly ListedDag[], cli: Cli): string[] {
  const { colors } = cli.out;
  if (dags.length === 0) return ["No DAGs were found."];
  const rows = dags.map((dag) => [
    dag.dag_id,
    pathText(dag.file, cli.cwd),
    scheduleText(dag),
    dag.next_dagrun_data_interval_end?.slice(0, 16).replace("T", " ") ?? "",
    String(dag.tasks),
    String(dag.mapped_tasks),
  ]);
  const columns = [
    { title: "dag", paint: colors.bold },
    { title: "file", shrink: 1 },
    { title: "schedule" },
    { title: "next", paint: colors.dim },
    { title: "tasks", align: "right" as const },
    { title: "mapped", align: "right" as const },
  ];
  return tableLines(columns, rows, cli.out.columns(), colors.dim);
}

function scheduleText({ schedule, timezone }: ListedDag): string {
  return timezone === "UTC" ? (schedule ?? "") : `${schedule ?? ""} ${timezone}`.trim();
}
