import { BaseOperator, BashOperator, EmptyOperator, chain, cross_downstream, dag, task, type XComArg } from "fanout";
import { describe, expect, it } from "vitest";
import { referenceOf } from "../../runtime/src/authoring/brand.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { collectDags } from "../../runtime/src/authoring/registry.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { add, declare, loose, notify, numbers, total } from "./declare.js";

class Load extends BaseOperator<{ sql: string; limit?: number }, number> {
  static override readonly template_fields = ["sql"];

  execute(): number {
    return this.args.sql.length;
  }
}

const empty = (task_id: string): EmptyOperator => new EmptyOperator({ task_id });

function edges(declaration: DagDeclaration): string[] {
  return declaration.edges.map(({ from, to }) => `${from} → ${to}`);
}

function ids(declaration: DagDeclaration): string[] {
  return declaration.tasks.map(({ task_id }) => task_id);
}

describe("dag", () => {
  it("declares what its arguments say", () => {
    const { dag_id, description, schedule, tags } = declare(() => undefined, {
      description: "Adds",
      schedule: "@daily",
      start_date: new Date("2022-04-02"),
      catchup: false,
      tags: ["math"],
    });
    expect({ dag_id, description, schedule, tags }).toEqual({
      dag_id: "test",
      description: "Adds",
      schedule: "@daily",
      tags: ["math"],
    });
  });

  it.each([
    ["15 4 * * 1-5", "15 4 * * 1-5"],
    [{ hours: 1, minutes: 30 }, "PT5400S"],
    [null, null],
    [undefined, null],
  ])("writes the schedule %j as %j", (schedule, expected) => {
    expect(declare(() => undefined, schedule === undefined ? {} : { schedule }).schedule).toBe(expected);
  });

  it("takes schedule_interval for schedule", () => {
    expect(declare(() => undefined, { schedule_interval: "@hourly" }).schedule).toBe("@hourly");
  });

  it("is collected wherever it is declared, exported or not", async () => {
    const { dags, value } = await collectDags(async () => {
      dag({ dag_id: "first" }, () => undefined);
      await Promise.resolve();
      return dag({ dag_id: "second" }, () => undefined).dag_id;
    });
    expect(dags.map(({ dag_id }) => dag_id)).toEqual(["first", "second"]);
    expect(value).toBe("second");
  });

  it("is frozen to its depth", () => {
    const inputs = { x: 1, y: 2 };
    const declaration = declare(() => add(inputs));
    inputs.x = 5;
    expect(declaration.tasks[0]?.inputs).toEqual({ x: 1, y: 2 });
    for (const value of [declaration, declaration.tasks, declaration.tasks[0], declaration.tasks[0]?.inputs]) {
      expect(Object.isFrozen(value)).toBe(true);
    }
  });
});

describe("tasks", () => {
  it("are numbered as Airflow numbers repeated calls", () => {
    const declaration = declare(() => {
      for (let i = 0; i < 3; i++) add({ x: 1, y: 1 });
      add.override({ task_id: "add__2" })({ x: 1, y: 1 });
      add.override({ task_id: "add__7" })({ x: 1, y: 1 });
      add({ x: 1, y: 1 });
      add.override({ task_id: "other" })({ x: 1, y: 1 });
    });
    expect(ids(declaration)).toEqual(["add", "add__1", "add__2", "add__3", "add__7", "add__8", "other"]);
  });

  it("take their function's name", () => {
    const named = task(function from_function() {
      return 1;
    });
    expect(ids(declare(() => named()))).toEqual(["from_function"]);
  });

  it("run their function with inputs and context", async () => {
    const seen = task({ task_id: "seen" }, ({ x }: { x: number }, context) => [x, context]);
    const [declared] = declare(() => seen({ x: 1 })).tasks;
    expect(await declared?.execute({ x: 2 }, "context")).toEqual([2, "context"]);
    expect(seen.function).toBeTypeOf("function");
  });

  it("carry their own options over those of the DAG", () => {
    const own = task({ task_id: "own", retries: 0, retry_delay: "90s" }, () => 1);
    const { tasks } = declare(
      () => {
        numbers();
        own();
      },
      { default_args: { retries: 2, retry_delay: { minutes: 1 }, trigger_rule: "none_failed", owner: "me" } },
    );
    const options = tasks.map(({ retries, retryDelayMs, trigger_rule }) => [retries, retryDelayMs, trigger_rule]);
    expect(options).toEqual([
      [2, 60_000, "none_failed"],
      [0, 90_000, "none_failed"],
    ]);
  });

  it("wait five minutes between tries, and try once, where nothing else is said", () => {
    const [{ retries, retryDelayMs, trigger_rule, do_xcom_push } = {}] = declare(() => numbers()).tasks;
    expect([retries, retryDelayMs, trigger_rule, do_xcom_push]).toEqual([0, 300_000, "all_success", true]);
  });
});

describe("edges", () => {
  it("come from references at any depth of lists and dicts", () => {
    const pick = task({ task_id: "pick" }, ({ from }: { from: unknown }) => from);
    const declaration = declare(() => {
      const first = numbers();
      pick({ from: { deep: [first, { deeper: add({ x: 1, y: 2 }) }] } });
    });
    expect(edges(declaration)).toEqual(["numbers → pick", "add → pick"]);
  });

  it("come from what is expanded and from what is partial", () => {
    const declaration = declare(() => {
      add.partial({ y: add({ x: 1, y: 1 }) }).expand({ x: numbers() });
    });
    expect(edges(declaration)).toEqual(["add → add__1", "numbers → add__1"]);
  });

  it("are drawn once", () => {
    const declaration = declare(() => {
      const upstream = add({ x: 1, y: 1 });
      chain(upstream, add({ x: upstream, y: upstream }));
    });
    expect(edges(declaration)).toEqual(["add → add__1"]);
  });

  it("of chain follow one another, and lists pair up", () => {
    const declaration = declare(() => {
      chain(empty("a"), [empty("b"), empty("c")], [empty("d"), empty("e")], notify());
    });
    expect(edges(declaration)).toEqual(["a → b", "a → c", "b → d", "c → e", "d → notify", "e → notify"]);
  });

  it("of cross_downstream join all with all", () => {
    const declaration = declare(() => {
      cross_downstream([empty("a"), empty("b")], [empty("c"), empty("d")]);
    });
    expect(edges(declaration)).toEqual(["a → c", "a → d", "b → c", "b → d"]);
  });

  it("of set_upstream and set_downstream take operators, results and lists", () => {
    const declaration = declare(() => {
      const mapped = Load.partial({ task_id: "load" }).expand({ sql: ["a"] });
      empty("a").set_downstream([mapped, notify()]);
      numbers().set_upstream(mapped);
      mapped.set_downstream(empty("b"));
    });
    expect(edges(declaration)).toEqual(["a → load", "a → notify", "load → numbers", "load → b"]);
  });
});

describe("results", () => {
  it("are templates as texts, and no promises", () => {
    declare(() => {
      const result: XComArg<number[]> = numbers();
      expect(String(result)).toBe("{{ ti.xcom_pull(task_ids='numbers') }}");
      expect("then" in result).toBe(false);
      expect(referenceOf(result)).toEqual({ type: "task", task_id: "numbers", key: null });
    });
  });

  it("of get, map, zip and concat are references of their own", () => {
    declare(() => {
      const result = numbers();
      const double = (n: number): number => n * 2;
      const of = { type: "task", task_id: "numbers", key: null };
      expect(referenceOf(result.map(double))).toEqual({ type: "map", of, fn: double });
      expect(referenceOf(result.zip(result, { fillvalue: 0 }))).toEqual({ type: "zip", of: [of, of], fillvalue: 0 });
      expect(referenceOf(result.concat(result, result))).toEqual({ type: "concat", of: [of, of, of] });
      expect(referenceOf(loose(result).partial)).toBeUndefined();
    });
  });
});

describe("operators", () => {
  it("are declared with their own arguments apart from everybody's", () => {
    const [declared] = declare(() => new Load({ task_id: "load", sql: "select", retries: 3, owner: "me" })).tasks;
    expect(declared).toMatchObject({ task_id: "load", operator: "Load", retries: 3, inputs: { sql: "select" } });
  });

  it("give their result as output", () => {
    const declaration = declare(() => {
      total({ values: Load.partial({ task_id: "loads" }).expand({ sql: ["a", "b"] }).output });
      add({ x: new Load({ task_id: "load", sql: "s" }).output, y: 1 });
    });
    expect(edges(declaration)).toEqual(["loads → total", "load → add"]);
  });

  it("execute with what their arguments stand for, mapped or not, constructors included", async () => {
    class Prefixed extends Load {
      constructor(args: { task_id: string; sql: string }) {
        super({ ...args, sql: `do ${args.sql}` });
      }
    }
    const { tasks } = declare(() => {
      new Prefixed({ task_id: "one", sql: "1" });
      Prefixed.partial({ task_id: "many", limit: 1 }).expand({ sql: ["1"] });
    });
    expect(tasks[0]?.inputs).toEqual({ sql: "do 1" });
    expect(await tasks[0]?.execute({ sql: "do 1" }, {})).toBe(4);
    expect(await tasks[1]?.execute({ sql: "123", limit: 1 }, {})).toBe(6);
    expect(tasks).toHaveLength(2);
  });

  it("that do nothing return nothing", async () => {
    const [declared] = declare(() => empty("e")).tasks;
    expect(await declared?.execute({}, {})).toBe(null);
  });

  it("are found by their names when bash is one of them", () => {
    const [declared] = declare(() => new BashOperator({ task_id: "b", bash_command: "true" })).tasks;
    expect(declared?.operator).toBe("BashOperator");
  });
});

describe("toModel", () => {
  it("says what is known of the counts", () => {
    const { tasks } = toModel(
      declare(() => {
        const nine = add.expand({ x: [1, 2, 3], y: [1, 2, 3] });
        add.partial({ y: 1 }).expand({ x: nine });
        add.partial({ y: 1 }).expand({ x: numbers() });
        add.partial({ y: 1 }).expand({ x: [1, numbers() as unknown as XComArg<number>] });
        add.partial({ y: 1 }).expand_kwargs([{ x: 1 }, { x: 2 }]);
      }),
    );
    const sources = tasks.map(({ mapping }) => mapping?.inputs.map(({ name, source }) => [name, source]));
    expect(sources.filter((source) => source !== undefined)).toEqual([
      [
        ["x", { type: "literal", length: 3 }],
        ["y", { type: "literal", length: 3 }],
      ],
      [["x", { type: "xcom", upstream: ["add"], length: 9 }]],
      [["x", { type: "xcom", upstream: ["numbers"] }]],
      [["x", { type: "literal", length: 2, upstream: ["numbers__1"] }]],
      [["kwargs", { type: "literal", length: 2 }]],
    ]);
  });

  it("is plain JSON", () => {
    const model = toModel(
      declare(() => total({ values: add.partial({ y: 1 }).expand({ x: { a: 1, b: 2 } as never }) })),
    );
    expect(JSON.parse(JSON.stringify(model))).toEqual(model);
    expect(model).toMatchObject({ modelVersion: 1, origin: "executed", groups: [], unresolved: [] });
  });
});
