import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const withArgs = (args: string): string => `
  import { dag, task } from "fanout";
  const one = task({ task_id: "one" }, () => 1);
  ${args}
`;

const body = "() => { one(); }";

describe("invalid-schedule", () => {
  it("reports what is no preset", () => {
    const { finding } = checkOne(
      withArgs(`export default dag({ dag_id: "a", schedule: "@dayly" }, ${body});
  //                                          ^^^^^^^^ invalid-schedule`),
    );
    expect(finding).toMatchObject({ messageId: "preset", severity: "error", phase: 1 });
  });

  it.each(["60 0 * * *", "0 0 * * * * *", "0 0 32 * *", "0 0 31 4,6 *", "0 0 30 2 *", "0 0 * * mond", "0 0/0 * * *"])(
    "reports the cron expression %s",
    (cron) => {
      const marker = "^".repeat(cron.length + 2);
      const { finding } = checkOne(
        withArgs(`export default dag({ dag_id: "a", schedule: "${cron}" }, ${body});
  //                                          ${marker} invalid-schedule`),
      );
      expect(finding.messageId).toBe("cron");
    },
  );

  it.each(["{ hours: 0 }", "{}", "{ hours: 1, minutes: -60 }"])("reports the distance %s", (parts) => {
    const { finding } = checkOne(
      withArgs(`export default dag({ dag_id: "a", schedule: ${parts} }, ${body});
  //                                          ${"^".repeat(parts.length)} invalid-schedule`),
    );
    expect(finding.messageId).toBe("distance");
  });

  it("reports a time zone that there is not, and the old name's value", () => {
    const { findings } = checkFixture(
      withArgs(`const zone = "Europe/Atlantis";
  // fanout-disable-next-line schedule-interval
  export default dag({ dag_id: "a", schedule_interval: "hourly", timezone: zone }, ${body});
  //                                                   ^^^^^^^^ invalid-schedule
  //                                                                       ^^^^ invalid-schedule`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["preset", "timezone"]);
  });

  it.each([
    'schedule: "@daily"',
    'schedule: "@once"',
    'schedule: "@continuous"',
    'schedule: "*/5 * * * *"',
    'schedule: "0 0 29 2 *"',
    'schedule: "0 0 31 2 mon"',
    'schedule: "0 22-2 * jan-mar sun"',
    'schedule: "0 0 L * *"',
    'schedule: "30 0 * * * 15"',
    "schedule: null",
    "schedule: undefined",
    "schedule: { hours: 6 }",
    'timezone: "UTC"',
    'timezone: "America/Argentina/Buenos_Aires"',
    'timezone: "+02:00"',
  ])("lets %s pass", (arg) => {
    checkFixture(withArgs(`export default dag({ dag_id: "a", ${arg} }, ${body});`));
  });

  it("is silent about what it does not know", () => {
    checkFixture(
      withArgs(`declare const given: { schedule: string; flag: boolean; hours: number };
  export const a = dag({ dag_id: "a", ...given }, ${body});
  export const b = dag({ dag_id: "b", schedule: given.schedule }, ${body});
  export const c = dag({ dag_id: "c", schedule: given.flag ? "@daily" : "dayly" }, ${body});
  export const d = dag({ dag_id: "d", schedule: \`0 \${given.schedule} * * *\` }, ${body});
  export const e = dag({ dag_id: "e", schedule: { hours: given.hours } }, ${body});
  for (const each of ["@daily", "never"]) if (given.flag) dag({ dag_id: "f" + each.slice(1), schedule: each }, ${body});`),
    );
  });

  it("writes the preset that is meant", () => {
    const wrong = (schedule: string): string =>
      withArgs(`export default dag({ dag_id: "a", schedule: "${schedule}" }, ${body});
  //                                          ${"^".repeat(schedule.length + 2)} invalid-schedule`);
    expect(fixed(wrong("daily"))).toContain('schedule: "@daily"');
    expect(fixed(wrong("@midnight"))).toContain('schedule: "@daily"');
    expect(fixed(wrong("None"))).toContain("schedule: null");
    expect(
      fixed(
        withArgs(`const schedule = "weekly";
  export default dag({ dag_id: "a", schedule }, ${body});
  //                                ^^^^^^^^ invalid-schedule`),
      ),
    ).toContain('schedule: "@weekly"');
  });
});
