import { describe, expect, it } from "vitest";
import { contextNamesOf } from "../../server/src/rules/support/contextNames.js";
import { checkFixture, checkOne, inDag } from "./checkFixture.js";

const on = (targetAirflow: string | null) => ({ targetAirflow });
const check = (body: string, version: string | null = "3.1") => checkFixture(inDag(body), undefined, on(version));

const load = `
    const load = task({ task_id: "load" }, ({ ds, x }: { ds: string; x?: number }) => [ds, x]);`;

describe("context-name", () => {
  it("reports names of the context in expand and partial", () => {
    const source = inDag(`${load}
    load.expand({ ds: ["a", "b"] });
    //            ^^ context-name
`);
    const { finding } = checkOne(source, undefined, on("3.1"));
    expect(finding).toMatchObject({ severity: "warning", messageId: "given", phase: 1 });
    check(`${load}
    load.partial({ ds: "a" }).expand({ x: [1, 2] });
    //             ^^ context-name
`);
  });

  it("reports them in dicts of expand_kwargs", () => {
    check(`${load}
    const rows = [{ ds: "a" }, { ds: "b", x: 1 }];
    //              ^^ context-name
    //                           ^^ context-name
    load.expand_kwargs(rows);
`);
  });

  it("reports a default that is not null", () => {
    const { findings } = check(`
    const show = task({ task_id: "show" }, ({ ds = "a", ts: at = "b" }: { ds?: string; ts?: string }) => ds + at);
    //                                        ^^ context-name
    //                                                  ^^ context-name
    show();
    const both = task({ task_id: "both" }, ({ ti = null, ds = undefined }: { ti?: null; ds?: string }) => [ti, ds]);
    both();
`);
    expect(findings.map(({ messageId }) => messageId)).toEqual(["default", "default"]);
  });

  it("is silent without a version, for plain calls, groups, operators and names of other versions", () => {
    check(
      `${load}
    load.expand({ ds: ["a"] });
`,
      null,
    );
    check(`${load}
    load({ ds: "a" });
    const grouped = task_group({ group_id: "g" }, ({ ds }: { ds: XComArg<number> }) => add({ x: ds, y: 1 }));
    grouped.expand({ ds: [1, 2] });
    class Load extends BaseOperator<{ ds: string }, number> {
      override execute() { return 1; }
    }
    Load.partial({ task_id: "op" }).expand({ ds: ["a"] });
    const old = task({ task_id: "old" }, ({ execution_date }: { execution_date: string }) => execution_date);
    old.expand({ execution_date: ["a"] });
`);
    const dated = (marker: string) => `
    const old = task({ task_id: "old" }, ({ next_ds }: { next_ds: string }) => next_ds);
    old.expand({ next_ds: ["a"] });
    ${marker}
`;
    check(dated("//           ^^^^^^^ context-name"), "2.10");
    check(dated(""), "3.0");
  });

  it("is silenced by a comment", () => {
    check(`${load}
    // fanout-disable-next-line context-name
    load.expand({ ds: ["a"] });
`);
  });
});

describe("the names of a version", () => {
  it("counts versions by their parts", () => {
    expect(contextNamesOf("2.3")).not.toContain("expanded_ti_count");
    expect(contextNamesOf("2.10")).toContain("expanded_ti_count");
    expect(contextNamesOf("2.9")).not.toContain("outlet_events");
    expect(contextNamesOf("2.10.4")).toContain("outlet_events");
    expect(contextNamesOf("3.0")).toContain("triggering_asset_events");
    expect(contextNamesOf("3.0")).not.toContain("triggering_dataset_events");
  });
});
