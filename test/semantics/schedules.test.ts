import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalAt, intervalsIn, lastComplete } from "../../runtime/src/schedule/intervals.js";
import { readTimetable } from "../../runtime/src/schedule/readTimetable.js";
import type { Timetable } from "../../runtime/src/schedule/timetable.js";
import { type RunOptions, startRun } from "../../runtime/src/engine/startRun.js";
import { type FinishedRun, Project, refusalOf, runToEnd } from "../runtime/support/project.js";

const at = (iso: string): number => Date.parse(iso);

/** As short as it can be said: `2024-03-31 01:30`, in UTC. */
function shown(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace("T", " ");
}

async function periodic(schedule: string, timezone = "UTC"): Promise<Timetable> {
  const timetable = await readTimetable({ schedule, timezone });
  if (!timetable) throw new Error(`${schedule} has no intervals`);
  return timetable;
}

function bounds(timetable: Timetable, from: string, count: number): string[] {
  const found: number[] = [];
  for (let last = at(from); found.length < count;) found.push((last = timetable.next(last)));
  return found.map(shown);
}

describe("the times of a cron expression", () => {
  // Worked out by hand from a calendar of 2024, which begins on a Monday.
  it.each([
    ["*/20 * * * *", ["2024-01-01 00:20", "2024-01-01 00:40", "2024-01-01 01:00"]],
    ["5/15 * * * *", ["2024-01-01 00:05", "2024-01-01 00:20", "2024-01-01 00:35"]],
    ["0 22-2 * * *", ["2024-01-01 01:00", "2024-01-01 02:00", "2024-01-01 22:00"]],
    ["30 6 * * mon-fri", ["2024-01-01 06:30", "2024-01-02 06:30", "2024-01-03 06:30"]],
    ["0 0 * * sat-sun", ["2024-01-06 00:00", "2024-01-07 00:00", "2024-01-13 00:00"]],
    ["0 0 * * 7", ["2024-01-07 00:00", "2024-01-14 00:00", "2024-01-21 00:00"]],
    ["0 12 * nov-feb *", ["2024-01-01 12:00", "2024-01-02 12:00", "2024-01-03 12:00"]],
    ["0 0 L * *", ["2024-01-31 00:00", "2024-02-29 00:00", "2024-03-31 00:00"]],
    ["0 0 * * L5", ["2024-01-26 00:00", "2024-02-23 00:00", "2024-03-29 00:00"]],
    ["0 0 * * 5#3", ["2024-01-19 00:00", "2024-02-16 00:00", "2024-03-15 00:00"]],
    ["0 0 29 2 *", ["2024-02-29 00:00", "2028-02-29 00:00", "2032-02-29 00:00"]],
    ["@daily", ["2024-01-02 00:00", "2024-01-03 00:00", "2024-01-04 00:00"]],
    ["@weekly", ["2024-01-07 00:00", "2024-01-14 00:00", "2024-01-21 00:00"]],
    ["@quarterly", ["2024-04-01 00:00", "2024-07-01 00:00", "2024-10-01 00:00"]],
    ["@yearly", ["2025-01-01 00:00", "2026-01-01 00:00", "2027-01-01 00:00"]],
    ["PT5400S", ["2024-01-01 01:30", "2024-01-01 03:00", "2024-01-01 04:30"]],
  ])("%s", async (schedule, times) => {
    expect(bounds(await periodic(schedule), "2024-01-01T00:00:00Z", 3)).toEqual(times);
  });

  it("comes on either day where both are restricted", async () => {
    const times = bounds(await periodic("0 0 3 * 1"), "2024-01-01T00:00:00Z", 3);
    expect(times).toEqual(["2024-01-03 00:00", "2024-01-08 00:00", "2024-01-15 00:00"]);
  });

  it("has seconds as its sixth field, as Airflow's reader has", async () => {
    const timetable = await periodic("* * * * * 30");
    expect(new Date(timetable.next(at("2024-01-01T00:00:00Z"))).toISOString()).toBe("2024-01-01T00:00:30.000Z");
  });

  it.each([
    ["61 * * * *", "UTC"],
    ["0 24 * * *", "UTC"],
    ["0 0 0 * *", "UTC"],
    ["* * * *", "UTC"],
    ["a b c d e", "UTC"],
    ["1,,2 * * * *", "UTC"],
    ["*/0 * * * *", "UTC"],
    ["5-5 * * * *", "UTC"],
    ["22-2/2 * * * *", "UTC"],
    ["0 0 * * 2#6", "UTC"],
    ["0 0 * * 1,L5", "UTC"],
    ["0 0 1 * 5#3", "UTC"],
    ["0 0 15W * *", "UTC"],
    ["H * * * *", "UTC"],
    ["0 0 30 2 *", "UTC"],
    ["PT0S", "UTC"],
    ["@daily", "Europe/Atlantis"],
    ["0 0 * * *", ""],
  ])("refuses '%s' in '%s' with its place", async (schedule, timezone) => {
    const place = { file: "/d.ts", line: 3, column: 1 };
    const error = await refusalOf(readTimetable({ schedule, timezone, at: place }));
    expect(error).toMatchObject({ code: "invalid-schedule", at: place });
  });

  it.each([null, "@once", "@continuous"])("has no intervals for %s", async (schedule) => {
    expect(await readTimetable({ schedule, timezone: "UTC" })).toBeNull();
  });
});

describe("changes of clocks", () => {
  // Clocks: Berlin 31 March 2024 at 1:00 UTC from +1 to +2, 27 October at 1:00 UTC back; New York 10 March at 7:00 UTC from -5
  // to -4, 3 November at 6:00 UTC back; São Paulo 4 November 2018 at 3:00 UTC (midnight there) from -3 to -2.
  it.each([
    ["30 2 * * *", "Europe/Berlin", "2024-03-29T12:00Z", ["2024-03-30 01:30", "2024-03-31 01:30", "2024-04-01 00:30"]],
    ["0 3 * * *", "Europe/Berlin", "2024-03-29T12:00Z", ["2024-03-30 02:00", "2024-03-31 01:00", "2024-04-01 01:00"]],
    ["30 2 * * *", "Europe/Berlin", "2024-10-25T12:00Z", ["2024-10-26 00:30", "2024-10-27 01:30", "2024-10-28 01:30"]],
    ["0 0 * * *", "Europe/Berlin", "2024-10-26T12:00Z", ["2024-10-26 22:00", "2024-10-27 23:00", "2024-10-28 23:00"]],
    [
      "30 2 * * *",
      "America/New_York",
      "2024-03-09T00:00Z",
      ["2024-03-09 07:30", "2024-03-10 07:30", "2024-03-11 06:30"],
    ],
    [
      "30 1 * * *",
      "America/New_York",
      "2024-11-02T00:00Z",
      ["2024-11-02 05:30", "2024-11-03 06:30", "2024-11-04 06:30"],
    ],
    [
      "0 0 * * *",
      "America/Sao_Paulo",
      "2018-11-03T00:00Z",
      ["2018-11-03 03:00", "2018-11-04 03:00", "2018-11-05 02:00"],
    ],
    ["0 */2 * * *", "Europe/Berlin", "2024-10-26T21:30Z", ["2024-10-26 22:00", "2024-10-27 01:00", "2024-10-27 03:00"]],
    ["30 * * * *", "Europe/Berlin", "2024-10-26T23:45Z", ["2024-10-27 00:30", "2024-10-27 01:30", "2024-10-27 02:30"]],
    ["30 * * * *", "Europe/Berlin", "2024-03-30T23:45Z", ["2024-03-31 00:30", "2024-03-31 01:30", "2024-03-31 02:30"]],
    // The half past two that is left out and half past three are one.
    [
      "30 2,3 * * *",
      "Europe/Berlin",
      "2024-03-30T12:00Z",
      ["2024-03-31 01:30", "2024-04-01 00:30", "2024-04-01 01:30"],
    ],
    ["0 0 * * *", "Asia/Kolkata", "2024-03-29T12:00Z", ["2024-03-29 18:30", "2024-03-30 18:30", "2024-03-31 18:30"]],
    // Samoa had no 30 December 2011.
    ["0 6 * * *", "Pacific/Apia", "2011-12-29T00:00Z", ["2011-12-29 16:00", "2011-12-30 16:00", "2011-12-31 16:00"]],
    ["PT86400S", "Europe/Berlin", "2024-03-30T01:30Z", ["2024-03-31 01:30", "2024-04-01 01:30", "2024-04-02 01:30"]],
  ])("%s in %s after %s", async (schedule, timezone, from, times) => {
    expect(bounds(await periodic(schedule, timezone), from, times.length)).toEqual(times);
  });
});

const ZONES = [
  ...["UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe"],
  ...["Africa/Casablanca", "Pacific/Apia", "America/St_Johns", "Asia/Tehran"],
];

function field(least: number, most: number): fc.Arbitrary<string> {
  const value = fc.integer({ min: least, max: most });
  const range = fc.tuple(value, value).filter(([from, to]) => from !== to);
  return fc.oneof(
    fc.constant("*"),
    value.map(String),
    range.map(([from, to]) => `${String(from)}-${String(to)}`),
    fc.integer({ min: 2, max: most }).map((step) => `*/${String(step)}`),
    fc.array(value, { minLength: 2, maxLength: 4 }).map((values) => values.join(",")),
  );
}

const crons = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.oneof(field(1, 28), fc.constantFrom("L", "*")),
    fc.oneof(field(1, 12), fc.constant("*")),
    fc.oneof(field(0, 6), fc.constantFrom("L5", "2#3", "mon-fri", "*")),
  )
  .filter(([, , day, , weekday]) => day === "*" || !/[L#]/.test(weekday))
  .map((fields) => fields.join(" "));

const distances = fc.integer({ min: 60, max: 1_000_000 }).map((seconds) => `PT${String(seconds)}S`);

/** Near the changes of clocks more often than elsewhere. */
const moments = fc.oneof(
  fc.integer({ min: at("2010-01-01T00:00Z"), max: at("2030-01-01T00:00Z") }),
  fc
    .tuple(
      fc.constantFrom(
        "2024-03-31T01:00Z",
        "2024-10-27T01:00Z",
        "2024-03-10T07:00Z",
        "2024-11-03T06:00Z",
        "2024-04-06T15:00Z",
        "2011-12-30T10:00Z",
      ),
      fc.integer({ min: -20_000, max: 20_000 }),
    )
    .map(([change, seconds]) => at(change) + seconds * 1000),
);

describe("data intervals", () => {
  const given = fc.tuple(fc.oneof({ weight: 4, arbitrary: crons }, distances), fc.constantFrom(...ZONES), moments);

  it("follow each other without gaps, and the one before the next is the one", async () => {
    await fc.assert(
      fc.asyncProperty(given, async ([schedule, timezone, moment]) => {
        const timetable = await periodic(schedule, timezone);
        const [first, ...rest] = intervalsFrom(timetable, moment, 12);
        expect(first?.start).toBeGreaterThanOrEqual(moment);
        let last = first;
        for (const interval of rest) {
          expect(interval.start).toBe(last?.end);
          expect(interval.end).toBeGreaterThan(interval.start);
          expect(timetable.prev(interval.end)).toBe(interval.start);
          expect(timetable.next(timetable.prev(interval.start))).toBe(interval.start);
          expect(timetable.alignToNext(interval.start)).toBe(interval.start);
          expect(timetable.alignToPrev(interval.start)).toBe(interval.start);
          last = interval;
        }
      }),
      { numRuns: 60 },
    );
  });

  it("of a logical date hold it, and of now are over", async () => {
    await fc.assert(
      fc.asyncProperty(given, async ([schedule, timezone, moment]) => {
        const timetable = await periodic(schedule, timezone);
        const own = intervalAt(timetable, moment);
        expect(own.start <= moment && moment < own.end).toBe(true);
        const complete = lastComplete(timetable, moment);
        expect(complete.end).toBeLessThanOrEqual(moment);
        expect(timetable.next(complete.start)).toBe(complete.end);
        expect(timetable.next(complete.end)).toBeGreaterThan(moment);
      }),
      { numRuns: 60 },
    );
  });

  it("lie in what was asked for and are complete", async () => {
    const timetable = await periodic("0 6 * * *", "Europe/Berlin");
    const span = { earliest: at("2024-03-29T05:00Z"), latest: at("2024-04-02T04:00Z"), now: at("2024-04-02T03:59Z") };
    // 6:00 in Berlin is 5:00 UTC until 30 March, then 4:00. The interval of 1 April is not complete by `now`.
    expect(intervalsIn(timetable, span).map(({ start }) => shown(start))).toEqual([
      "2024-03-29 05:00",
      "2024-03-30 05:00",
      "2024-03-31 04:00",
    ]);
    const later = intervalsIn(timetable, { ...span, now: at("2024-05-01T00:00Z") });
    expect(later.map(({ start }) => shown(start)).slice(3)).toEqual(["2024-04-01 04:00", "2024-04-02 04:00"]);
  });

  it("are a moment without a schedule", () => {
    const moment = at("2024-03-31T01:02:03.456Z");
    expect(lastComplete(null, moment)).toEqual({ start: moment, end: moment });
    expect(intervalAt(null, moment)).toEqual({ start: moment, end: moment });
  });

  it.each([
    ["@daily", "2024-03-31T12:00Z", "2024-03-30 00:00"],
    ["@daily", "2024-03-31T00:00Z", "2024-03-30 00:00"],
    ["PT3600S", "2024-03-31T12:20Z", "2024-03-31 11:00"],
  ])("of %s at %s: the one to make up for begins at %s", async (schedule, now, start) => {
    expect(shown((await periodic(schedule)).latestStart(at(now)))).toBe(start);
  });
});

function intervalsFrom(timetable: Timetable, earliest: number, count: number): { start: number; end: number }[] {
  let start = timetable.alignToNext(earliest);
  return Array.from({ length: count }, () => {
    const interval = { start, end: timetable.next(start) };
    start = interval.end;
    return interval;
  });
}

describe("the data interval of a run", () => {
  const dagWith = (args: string): string => `import { dag, task } from "fanout";
const say = task({ task_id: "say" }, () => 1);
export default dag({ dag_id: "d", ${args} }, () => {
  say();
});
`;
  const berlin = `schedule: "0 6 * * *", timezone: "Europe/Berlin"`;
  const run = (args: string, options: Partial<RunOptions> = {}): Promise<FinishedRun> =>
    runToEnd(new Project({ "dag.ts": dagWith(args) }), options);

  it("begins at its logical date", async () => {
    const { run: shown, run_id } = await run(berlin, { logical_date: new Date("2024-03-30T05:00:00Z") });
    expect(shown).toMatchObject({
      run_type: "manual",
      logical_date: "2024-03-30T05:00:00.000Z",
      data_interval_start: "2024-03-30T05:00:00.000Z",
      // Clocks are put forward in between.
      data_interval_end: "2024-03-31T04:00:00.000Z",
    });
    expect(run_id).toBe("manual__2024-03-30T05-00-00.000Z");
  });

  it("is the one that the logical date lies in", async () => {
    const { run: shown } = await run(berlin, { logical_date: new Date("2024-03-30T12:34:56Z") });
    expect(shown).toMatchObject({
      logical_date: "2024-03-30T12:34:56.000Z",
      data_interval_start: "2024-03-30T05:00:00.000Z",
      data_interval_end: "2024-03-31T04:00:00.000Z",
    });
  });

  it("is the last complete one of a run for now", async () => {
    const { run: shown } = await run(`schedule: "@hourly"`);
    const hour = Math.floor(Date.parse(shown.logical_date) / 3_600_000) * 3_600_000;
    expect([shown.data_interval_start, shown.data_interval_end].map((text) => Date.parse(text))).toEqual([
      hour - 3_600_000,
      hour,
    ]);
  });

  it.each(["schedule: null", `schedule: "@once"`])("is the moment itself with %s", async (args) => {
    const { run: shown } = await run(args);
    expect(shown.data_interval_start).toBe(shown.logical_date);
    expect(shown.data_interval_end).toBe(shown.logical_date);
  });

  it.each([`schedule: "0 25 * * *"`, `schedule: "@daily", timezone: "Europe/Atlantis"`, `schedule: { hours: 0 }`])(
    "is refused with the place of the DAG where there is none: %s",
    async (args) => {
      const project = new Project({ "dag.ts": dagWith(args) });
      const error = await refusalOf(startRun({ file: project.path("dag.ts") }));
      expect(error).toMatchObject({
        code: "invalid-schedule",
        exitCode: 2,
        at: { file: project.path("dag.ts"), line: 3 },
      });
      expect(project.history().runs()).toEqual([]);
    },
  );

  it("is refused where 'schedule' has two names", async () => {
    const project = new Project({ "dag.ts": dagWith(`schedule: "@daily", schedule_interval: "@hourly"`) });
    const error = await refusalOf(startRun({ file: project.path("dag.ts") }));
    expect(error).toMatchObject({ code: "invalid-argument", at: { line: 3 } });
  });

  it("is a moment for runs of before there were intervals", () => {
    const project = new Project();
    const summary = { run_id: "old", dag_id: "d", state: "success", logical_date: "2024-01-01T00:00:00.000Z" };
    const times = { start: "2024-01-02T00:00:00.000Z", end: "2024-01-02T00:00:01.000Z" };
    project.write({ ".fanout/runs/old/run.json": JSON.stringify({ summary: { ...summary, ...times }, pid: 1 }) });
    const failed = { ...summary, ...times, run_id: "older", state: "failed", start: summary.logical_date };
    project.write({ ".fanout/runs/older/run.json": JSON.stringify({ summary: failed, pid: 1 }) });
    const [old, older] = project.history().runs();
    // Nobody knows it of them: whoever wants to go on is told.
    expect(older).toMatchObject({ run_id: "older", resumable: true });
    expect([old]).toEqual([
      {
        ...{ ...summary, ...times, run_type: "manual", stopped: null, resumable: false },
        ...{ data_interval_start: summary.logical_date, data_interval_end: summary.logical_date },
      },
    ]);
  });
});
