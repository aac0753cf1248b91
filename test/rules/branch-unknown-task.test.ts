import { describe, expect, it } from "vitest";
import { checkFixture, checkOne, fixed } from "./checkFixture.js";

function dagWith(branch: string, body = "", more = ""): string {
  return `
    import { chain, dag, task, task_group, type XComArg } from "fanout";
    const small = task({ task_id: "small" }, () => 1);
    const report = task({ task_id: "report" }, ({ x }: { x: number }) => x);
    const choose = task.branch({ task_id: "choose" }, ${branch});
    const group = task_group({ group_id: "group" }, () => {
      chain(report({ x: 1 }));
    });
${more}
    export default dag({ dag_id: "example" }, () => {
      chain(choose(), [small(), group()]);
${body}
    });
  `;
}

const misspelt = dagWith(`() => {
      return "smal";
      //     ^^^^^^ branch-unknown-task
    }`);

describe("branch-unknown-task", () => {
  it("reports an id that no task has", () => {
    const { finding } = checkOne(misspelt);
    expect(finding).toMatchObject({ messageId: "meant", severity: "error", phase: 1 });
  });

  it("reports it in lists, conditions and fallbacks, and says so where nothing similar is there", () => {
    const { findings } = checkFixture(
      dagWith(`() => {
      if (Date.now() > 5) return ["small", "something_else"];
      //                                   ^^^^^^^^^^^^^^^^ branch-unknown-task
      return Date.now() > 4 ? "nowhere" : (process.env["ID"] ?? "xyz");
      //                      ^^^^^^^^^ branch-unknown-task
      //                                                        ^^^^^ branch-unknown-task
    }`),
    );
    expect(findings.map(({ messageId }) => messageId)).toEqual(["unknown", "unknown", "unknown"]);
  });

  it("reports ids without their groups, in the branch's own group too", () => {
    const source = `
      import { chain, dag, task, task_group, type XComArg } from "fanout";
      const report = task({ task_id: "report" }, ({ x }: { x: number }) => x);
      const route = task_group({ group_id: "route" }, ({ x }: { x: XComArg<number> }) => {
        const choose = task.branch({ task_id: "choose" }, ({ x }: { x: number }) => {
          return x > 1 ? "report" : "route.report";
          //             ^^^^^^^^ branch-unknown-task
        });
        chain(choose({ x }), report({ x }));
      });
      export default dag({ dag_id: "example" }, () => {
        route.expand({ x: [1, 2] });
      });
    `;
    expect(fixed(source)).toContain(`x > 1 ? "route.report" : "route.report"`);
  });

  it("lets ids of tasks and groups pass, those in groups, null, and what is not written out", () => {
    checkFixture(
      dagWith(`() => {
      if (Date.now() > 8) return "small";
      if (Date.now() > 7) return ["small", "group.report"];
      if (Date.now() > 6) return "group";
      if (Date.now() > 5) return null;
      if (Date.now() > 4) return \`gr\${"oup"}\`;
      const ids = ["a", "b"].map(() => "c");
      const other = (): string => {
        return "nowhere";
      };
      return Date.now() > 3 ? ids : other();
    }`),
    );
  });

  it.each([
    "for (const id of process.argv) small.override({ task_id: id })();",
    "small.override({ task_id: process.env['ID'] ?? '' })();",
    "makeTasks();",
    "if (process.env['MORE'] === 'yes') small.override({ task_id: 'nowhere' })();",
  ])("is silent where the DAG may have other tasks: %s", (body) => {
    checkFixture(dagWith(`() => "nowhere"`, body, `    declare function makeTasks(): void;`));
  });

  it("is silent where another DAG of the file has the task, or another file the branch", () => {
    checkFixture(
      dagWith(
        `() => (Date.now() > 5 ? "small" : "large")`,
        "",
        `
    export const second = dag({ dag_id: "second" }, () => {
      chain(choose(), small.override({ task_id: "large" })());
    });
`,
      ),
    );
    checkFixture(`
      //- /main.dag.ts
      import { chain, dag, task } from "fanout";
      import { choose } from "./helper.js";
      const small = task({ task_id: "small" }, () => 1);
      export default dag({ dag_id: "example" }, () => {
        chain(choose(), small());
      });
      //- /helper.ts
      import { task } from "fanout";
      export const choose = task.branch({ task_id: "choose" }, () => (Date.now() > 5 ? "small" : "large"));
    `);
  });

  it("changes it to what was meant", () => {
    expect(fixed(misspelt)).toContain(`return "small";`);
  });
});
