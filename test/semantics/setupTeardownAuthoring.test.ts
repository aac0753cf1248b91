import { EmptyOperator, type XComArg, chain, setup, task, task_group, teardown } from "fanout";
import { describe, expect, it } from "vitest";
import { groupEnds } from "#core/model/groupEnds.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { add, declare, loose, notify, numbers, refusal } from "../authoring/declare.js";

const step = (task_id: string): EmptyOperator => new EmptyOperator({ task_id });
const create = setup(function create() {
  return 1;
});
const remove = teardown({ task_id: "remove" }, () => null);

const roles = ({ tasks }: DagDeclaration): Record<string, unknown> =>
  Object.fromEntries(tasks.map(({ task_id, role }) => [task_id, role]));
const edges = ({ edges: drawn }: DagDeclaration): string[] => drawn.map(({ from, to }) => `${from} > ${to}`);

describe("§2.10 setup and teardown", () => {
  it("are made like other tasks", () => {
    const declaration = declare(() => {
      const x: XComArg<number> = create();
      chain(add({ x, y: 1 }), remove());
      create.override({ task_id: "again", retries: 2 })();
    });
    expect(roles(declaration)).toEqual({ create: "setup", add: null, remove: "teardown", again: "setup" });
    expect(declaration.tasks.map(({ operator }) => operator)).toEqual(["task", "task", "task", "task"]);
    expect(declaration.tasks[3]?.retries).toBe(2);
  });

  it("may be mapped", () => {
    const each = setup({ task_id: "each" }, ({ x }: { x: number }) => x);
    const clean = teardown({ task_id: "clean" }, ({ x }: { x: number }) => x);
    const declaration = declare(() => void clean.expand({ x: each.expand({ x: [1, 2] }) }));
    expect(roles(declaration)).toEqual({ each: "setup", clean: "teardown" });
    expect(declaration.tasks.map(({ mapping }) => mapping?.kind)).toEqual(["expand", "expand"]);
  });

  it("can be made of any task, which stays what it is", () => {
    class Load extends EmptyOperator {}
    const declaration = declare(() => {
      const result: XComArg<number[]> = numbers().as_setup();
      const operator: EmptyOperator = step("op").as_setup();
      const mapped = add.partial({ y: 1 }).expand({ x: result }).as_teardown();
      const loads = Load.partial({ task_id: "loads" })
        .expand_kwargs([{}])
        .as_teardown({ on_failure_fail_dagrun: true });
      chain(operator, mapped, loads);
    });
    expect(roles(declaration)).toEqual({ numbers: "setup", op: "setup", add: "teardown", loads: "teardown" });
    expect(declaration.tasks.map(({ on_failure_fail_dagrun }) => on_failure_fail_dagrun)).toEqual([
      ...[false, false, false, true],
    ]);
  });

  it("of a reference to several tasks mean all of them", () => {
    const declaration = declare(() => void numbers().zip(numbers()).as_setup());
    expect(roles(declaration)).toEqual({ numbers: "setup", numbers__1: "setup" });
  });

  it("setups given to as_teardown become setups, and come before it", () => {
    const declaration = declare(() => {
      const [one, two] = [step("one"), numbers()];
      chain(one, step("work"), step("end").as_teardown({ setups: [one, two] }));
      step("last").as_teardown({ setups: step("first") });
    });
    expect(roles(declaration)).toMatchObject({ one: "setup", numbers: "setup", work: null, end: "teardown" });
    expect(edges(declaration)).toEqual([...["one > end", "numbers > end", "one > work", "work > end", "first > last"]]);
  });

  it("on_failure_fail_dagrun is kept unless as_teardown says otherwise", () => {
    const strict = teardown({ task_id: "strict", on_failure_fail_dagrun: true }, () => null);
    const declaration = declare(() => {
      strict();
      strict().as_teardown();
      strict().as_teardown({ on_failure_fail_dagrun: false });
    });
    expect(declaration.tasks.map(({ on_failure_fail_dagrun }) => on_failure_fail_dagrun)).toEqual([true, true, false]);
  });

  it("a teardown goes by no trigger rule, of default_args neither", () => {
    const declaration = declare(
      () => {
        remove();
        notify().as_teardown();
        notify();
      },
      { default_args: { trigger_rule: "one_failed" } },
    );
    expect(declaration.tasks.map(({ trigger_rule }) => trigger_rule)).toEqual([
      ...["all_success", "all_success", "one_failed"],
    ]);
  });

  it("are told in the model", () => {
    const { tasks } = toModel(declare(() => chain(create(), notify(), remove())));
    expect(tasks.map(({ role }) => role)).toEqual(["setup", undefined, "teardown"]);
  });
});

describe("§2.10 what setup and teardown refuse", () => {
  const group = task_group({ group_id: "g" }, () => void notify());
  const ruled = { task_id: "t", trigger_rule: "all_done" } as const;
  it.each<[string, () => unknown]>([
    ["a trigger rule of a teardown", () => loose(teardown)(ruled, () => 1)()],
    ["the same of a mapped one", () => loose(teardown)(ruled, ({ x }: { x: number }) => x).expand({ x: [1] })],
    ["the same by override", () => loose(remove).override({ trigger_rule: "all_done" })()],
    ["the same by as_teardown", () => task(ruled, () => 1)().as_teardown()],
    ["the same of an operator", () => new EmptyOperator(ruled).as_teardown()],
    ["a group as setup", () => loose(setup)(group)],
    ["a group as teardown", () => loose(teardown)({}, group)],
    ["a called group as setup", () => (group() as unknown as XComArg<1>).as_setup()],
    ["a called group as teardown", () => (group() as unknown as XComArg<1>).as_teardown()],
    ["a group among setups", () => remove().as_teardown({ setups: group() as never })],
    ["a task as body", () => loose(setup)(notify)],
    ["what is no task among setups", () => remove().as_teardown({ setups: [1 as never] })],
    ["a setup as teardown", () => create().as_teardown()],
    ["a teardown as setup", () => remove().as_setup()],
    ["a teardown among setups", () => remove().as_teardown({ setups: remove() })],
    ["an option that is none", () => remove().as_teardown({ setup: create() } as never)],
    ["a list instead of options", () => remove().as_teardown([create()] as never)],
    [
      "on_failure_fail_dagrun as a text",
      () => loose(teardown)({ task_id: "t", on_failure_fail_dagrun: "yes" }, () => 1)(),
    ],
    ["the same of as_teardown", () => remove().as_teardown({ on_failure_fail_dagrun: 1 as never })],
    [
      "on_failure_fail_dagrun of a setup",
      () => loose(setup)({ task_id: "t", on_failure_fail_dagrun: true }, () => 1)(),
    ],
    [
      "a placeholder as setup",
      () => task_group({ group_id: "m" }, ({ x }: { x: XComArg<number> }) => void x.as_setup()).expand({ x: [1] }),
    ],
  ])("%s", (_name, body) => expect(refusal(() => void body())).toBe("invalid-argument"));
});

describe("what is said of a DAG after its body", () => {
  it.each<[string, (one: XComArg<number>, two: XComArg<number>) => unknown]>([
    ["an edge", (one, two) => chain(one, two)],
    ["a setup", (one) => one.as_setup()],
    ["a teardown", (one) => one.as_teardown()],
  ])("is refused instead of being lost: %s", (_name, late) => {
    const kept: XComArg<number>[] = [];
    declare(() => kept.push(create(), create()));
    const [one, two] = kept as [XComArg<number>, XComArg<number>];
    expect(() => late(one, two)).toThrow(expect.objectContaining({ code: "outside-dag" }));
  });
});

describe("§2.10 a group with teardowns", () => {
  it("is not waited for with them, but with what they clean up after", () => {
    const declaration = declare(() => {
      const group = task_group({ group_id: "g" }, () => {
        const first = create();
        chain(first, step("work"), remove().as_teardown({ setups: first }));
      });
      chain(group(), step("after"));
    });
    expect(edges(declaration).at(-1)).toBe("g.work > after");
    expect(edges(declaration)).not.toContain("g.remove > after");
  });

  type Edges = readonly (readonly [string, string])[];
  const leaves = (members: string, drawn: Edges): readonly string[] =>
    groupEnds(
      {
        members: members.split(" "),
        edges: drawn.map(([from, to]) => ({ from, to })),
        roleOf: (id) => (id.startsWith("s") ? "setup" : id.startsWith("t") ? "teardown" : null),
      },
      "leaves",
    );

  it.each<[string, string, Edges, string[]]>([
    ["only a setup and its teardown", "s t", [["s", "t"]], []],
    [
      "two teardowns in a row",
      "s w t1 t2",
      [
        ["s", "w"],
        ["w", "t1"],
        ["t1", "t2"],
      ],
      ["w"],
    ],
    [
      "work that other work follows",
      "s w x t",
      [
        ["s", "w"],
        ["w", "t"],
        ["w", "x"],
      ],
      ["x"],
    ],
    ["work before and beside a teardown", "w x t", [["w", "t"]], ["x", "w"]],
    [
      "two teardowns of one work",
      "w t1 t2",
      [
        ["w", "t1"],
        ["w", "t2"],
      ],
      ["w"],
    ],
    [
      "a teardown that something outside follows",
      "w t",
      [
        ["w", "t"],
        ["t", "z"],
      ],
      ["w"],
    ],
    [
      "a circle",
      "t1 t2 t3",
      [
        ["t1", "t2"],
        ["t2", "t1"],
        ["t2", "t3"],
      ],
      [],
    ],
  ])("%s", (_name, members, drawn, expected) => expect(leaves(members, drawn)).toEqual(expected));
});
