import { EmptyOperator, type XComArg, chain, task, task_group } from "fanout";
import { describe, expect, it } from "vitest";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { add, declare, loose, notify, numbers, refusal } from "../authoring/declare.js";
import { runDag } from "../runtime/support/project.js";

const step = (task_id: string): EmptyOperator => new EmptyOperator({ task_id });
const pair = task_group({ group_id: "g" }, () => chain(step("a"), step("b")));

const ids = ({ tasks }: DagDeclaration): string[] => tasks.map(({ task_id }) => task_id);
const groups = (declaration: DagDeclaration): (string | null)[][] =>
  declaration.groups.map(({ group_id, parent_id }) => [group_id, parent_id]);
const edges = ({ edges: drawn }: DagDeclaration): string[] => drawn.map(({ from, to }) => `${from} > ${to}`);

describe("§2.13 ids of task groups", () => {
  it("stand before those of their tasks and groups", () => {
    const declaration = declare(() => {
      task_group({ group_id: "outer" }, () => {
        notify();
        pair();
        notify();
      })();
      notify();
    });
    expect(ids(declaration)).toEqual(["outer.notify", "outer.g.a", "outer.g.b", "outer.notify__1", "notify"]);
    expect(groups(declaration)).toEqual([
      ["outer", null],
      ["outer.g", "outer"],
    ]);
    expect(declaration.tasks.map(({ group_id }) => group_id)).toEqual(["outer", "outer.g", "outer.g", "outer", null]);
  });

  it("get __1 when the group is called again", () => {
    const declaration = declare(() => {
      for (let i = 0; i < 3; i++) pair();
      pair.override({ group_id: "g__7" })();
      pair();
    });
    expect(groups(declaration).map(([id]) => id)).toEqual(["g", "g__1", "g__2", "g__7", "g__8"]);
    expect(ids(declaration).slice(2, 4)).toEqual(["g__1.a", "g__1.b"]);
  });

  it("are left out of ids with prefix_group_id: false", () => {
    const declaration = declare(() => task_group({ group_id: "g", prefix_group_id: false }, () => step("a"))());
    expect([ids(declaration), groups(declaration)]).toEqual([["a"], [["g", null]]]);
    expect(declaration.tasks[0]?.group_id).toBe("g");
  });

  it("are known to the operator", () => {
    let known = "";
    declare(() => task_group({ group_id: "g" }, () => void (known = step("a").task_id))());
    expect(known).toBe("g.a");
  });
});

describe("§2.8 a group in dependencies", () => {
  it("waits with its first tasks and is waited for with its last", () => {
    const declaration = declare(() => {
      const group = task_group({ group_id: "g" }, () => {
        chain(step("a"), [step("b"), step("c")]);
        step("d");
      })();
      chain(step("before"), group, step("after"));
    });
    expect(edges(declaration).slice(2)).toEqual([
      ...["before > g.a", "before > g.d", "g.b > after", "g.c > after", "g.d > after"],
    ]);
  });

  it("has set_upstream and set_downstream, and takes other groups", () => {
    const declaration = declare(() => {
      const [one, two] = [pair(), pair()];
      one.set_downstream(two);
      one.set_upstream(step("start"));
    });
    expect(edges(declaration)).toEqual(["g.a > g.b", "g__1.a > g__1.b", "g.b > g__1.a", "start > g.a"]);
  });

  it("gives what its body returns, to be used like any result", () => {
    const summed = task_group({ group_id: "g" }, ({ x }: { x: XComArg<number> }) => add({ x, y: 1 }));
    const declaration = declare(() => {
      const one = task({ task_id: "one" }, () => 1)();
      add({ x: summed({ x: one }), y: summed({ x: 5 }) });
    });
    expect(edges(declaration)).toEqual(["one > g.add", "g.add > add", "g__1.add > add"]);
    expect(declaration.tasks[2]?.inputs).toEqual({ x: 5, y: 1 });
  });
});

describe("§2.13 default_args of a group", () => {
  it("hold inside, the inner ones first, the task's own before all", () => {
    const declaration = declare(
      () => {
        task_group({ group_id: "outer", default_args: { retries: 2, trigger_rule: "all_done" } }, () => {
          notify();
          task_group({ group_id: "inner", default_args: { retries: 3 } }, () => {
            notify();
            notify.override({ retries: 4 })();
          })();
        })();
        notify();
      },
      { default_args: { retries: 1 } },
    );
    const facts = declaration.tasks.map(({ retries, trigger_rule }) => [retries, trigger_rule]);
    expect(facts).toEqual([
      [2, "all_done"],
      [3, "all_done"],
      [4, "all_done"],
      [1, "all_success"],
    ]);
  });
});

describe("§3.6 what a group refuses", () => {
  const group = (options: object): unknown => task_group({ group_id: "g", ...options }, () => step("a"));
  it.each([
    ["DTM516: outside a DAG", "outside-dag", null],
    ["an id with a dot", "invalid-id", () => group({ group_id: "a.b" })],
    ["an option that is none", "invalid-argument", () => group({ pool: "p" })],
    ["a default that is none", "invalid-argument", () => group({ default_args: { poool: 1 } })],
    ["an asynchronous body", "async-dag-body", () => loose(task_group({ group_id: "g" }, async () => step("a")))()],
    [
      "an input that is none",
      "unknown-parameter",
      () => loose(task_group({ group_id: "g" }, () => step("a")))({ x: 1 }),
    ],
    ["a group where a result is wanted", "invalid-argument", () => loose(add)({ x: pair(), y: 1 })],
    ["a group to map over", "not-mappable", () => loose(add).partial({ y: 1 }).expand({ x: pair() })],
    ["a task of the same id", "duplicate-task-id", () => [pair(), step("g")]],
    ["a group of the same id", "duplicate-task-id", () => [step("g"), pair()]],
    [
      "two operators of the same id",
      "duplicate-task-id",
      () => task_group({ group_id: "g" }, () => [step("a"), step("a")])(),
    ],
  ])("%s: %s", (_name, code, body) => {
    if (body === null) expect(() => pair()).toThrow(expect.objectContaining({ code }));
    else expect(refusal(() => void body())).toBe(code);
  });

  it("and after a body that threw, the next one is in no group", () => {
    const broken = task_group({ group_id: "broken" }, () => {
      throw new Error("mine");
    });
    const declaration = declare(() => {
      expect(() => broken()).toThrow("mine");
      numbers();
    });
    expect(ids(declaration)).toEqual(["numbers"]);
  });
});

describe("groups in real runs", () => {
  const definitions = `import { task_group } from "fanout";
    const rows = task({ task_id: "rows" }, () => [1, 2, 3]);
    const double = task({ task_id: "double" }, ({ x }: { x: number }, { ti }: any) => [ti.task_id, x * 2]);
    const step = (task_id: string) => task({ task_id }, () => task_id);
    const doubled = task_group({ group_id: "doubled" }, ({ xs }: any) => double.expand({ x: xs }));`;

  it("run their tasks, mapped ones too", async () => {
    const run = await runDag(
      `${definitions} const all = task({ task_id: "all" }, ({ xs }: { xs: readonly unknown[] }) => [...xs]);`,
      `all({ xs: doubled({ xs: rows() }) });`,
    );
    expect(run.run.tasks.map(({ task_id, count }) => [task_id, count])).toEqual([
      ...[
        ["rows", 1],
        ["doubled.double", 3],
        ["all", 1],
      ],
    ]);
    expect(run.xcom("all")).toEqual([2, 4, 6].map((x) => ["doubled.double", x]));
  });

  it("§2.10 a branch leads to tasks of a group by their whole ids, or to a group by its own", async () => {
    const body = (follow: string): string => `
      const b = task.branch({ task_id: "b" }, () => ${follow})();
      const left = task_group({ group_id: "left" }, () => { chain(step("one")(), step("two")()); })();
      const right = task_group({ group_id: "right" }, () => { chain(step("one")(), step("two")()); })();
      chain(b, [left, right]);`;
    for (const follow of [`"left.one"`, `"left"`]) {
      const run = await runDag(definitions, body(follow));
      const states = Object.fromEntries(run.run.tasks.map(({ task_id, state }) => [task_id, state]));
      expect(states).toEqual({
        ...{ b: "success", "left.one": "success", "left.two": "success" },
        ...{ "right.one": "skipped", "right.two": "skipped" },
      });
    }
    const unprefixed = await runDag(definitions, body(`"one"`));
    expect(unprefixed.instance("b").error).toMatchObject({ code: "branch-unknown-task" });
    expect(unprefixed.instance("b").error?.advice).toContain("left.one");
  });
});
