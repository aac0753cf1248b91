import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

const prelude = `
  import { dag, task } from "fanout";
  const one = task({ task_id: "one" }, () => 1);
`;

describe("schedule-interval", () => {
  const old = `${prelude}
    export default dag({ dag_id: "a", schedule_interval: "@daily" }, () => { one(); });
    //                                ^^^^^^^^^^^^^^^^^ schedule-interval
  `;

  it("reports the old name and renames it", () => {
    const { finding } = checkOne(old);
    expect(finding).toMatchObject({ messageId: "renamed", severity: "warning", phase: 1 });
    expect(fixed(old)).toContain('dag({ dag_id: "a", schedule: "@daily" }');
  });

  it("reports it beside the new one and removes it", () => {
    const both = `${prelude}
      export default dag({ dag_id: "a", schedule: "@daily", schedule_interval: null }, () => { one(); });
      //                                                    ^^^^^^^^^^^^^^^^^ schedule-interval
    `;
    const { finding } = checkOne(both);
    expect(finding).toMatchObject({ messageId: "both", severity: "error" });
    expect(fixed(both)).toContain('dag({ dag_id: "a", schedule: "@daily" }');
  });

  it("renames a shorthand", () => {
    const text = fixed(`${prelude}
      const schedule_interval = "@daily";
      export default dag({ dag_id: "a", schedule_interval }, () => { one(); });
      //                                ^^^^^^^^^^^^^^^^^ schedule-interval
    `);
    expect(text).toContain("schedule: schedule_interval");
  });

  it("lets the new name pass, and one that is left out or may be", () => {
    checkFixture(`${prelude}
      declare const given: { schedule?: string };
      export const a = dag({ dag_id: "a", schedule: "@daily" }, () => { one(); });
      export const b = dag({ dag_id: "b", schedule: "@daily", schedule_interval: undefined }, () => { one(); });
      export const c = dag({ dag_id: "c", ...given }, () => { one(); });
    `);
  });
});
