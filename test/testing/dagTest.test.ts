import { describe, expect, it } from "vitest";
import { registry } from "../../runtime/src/authoring/registry.js";
import {
  FailException,
  Param,
  SkipException,
  Variable,
  chain,
  dag,
  get_connection,
  get_current_context,
  task,
  task_group,
} from "../../runtime/src/index.js";
import type { Context, DagTestOptions, XComArg } from "../../runtime/src/index.js";
import { refusalOf } from "../runtime/support/project.js";

const extract = task({ task_id: "extract" }, (): number[] => [1, 2, 3]);
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => {
  console.log(`${String(x)} + ${String(y)}`);
  return x + y;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) =>
  values.reduce((sum, value) => sum + value, 0),
);
const adder = dag({ dag_id: "adder" }, () => {
  total({ values: add.partial({ y: 10 }).expand({ x: extract() }) });
});

describe("test()", () => {
  it("tells states, instances, results and logs", async () => {
    const result = await adder.test({ logical_date: new Date("2022-04-02") });
    expect(result).toMatchObject({ state: "success", error: null, run_id: "manual__2022-04-02T00-00-00.000Z" });
    expect(result.tasks.map(({ task_id, mapped, state }) => [task_id, mapped, state])).toEqual([
      ["extract", false, "success"],
      ["add", true, "success"],
      ["total", false, "success"],
    ]);
    expect(result.task("add").instances[1]).toEqual({
      ...{ map_index: 1, name: null, state: "success", try_number: 1 },
      ...{ rendered: { x: 2, y: 10 }, xcom: 12, log: "2 + 10\n", error: null },
    });
    expect(result.task("add").xcoms).toEqual([11, 12, 13]);
    expect([result.xcom("total"), result.xcom("add"), result.xcom("add", 2)]).toEqual([36, [11, 12, 13], 13]);
    expect(result.log("add", 2)).toBe("3 + 10\n");
  });

  it("tells why an instance failed, with code, place and stack", async () => {
    const bad = dag({ dag_id: "bad" }, () => {
      const check = task({ task_id: "check" }, ({ n }: { n: number }) => {
        if (n === 2) throw new TypeError(`not ${String(n)}`);
        return n;
      });
      total({ values: check.expand({ n: [1, 2, 3] }) });
    });
    const { state, ...result } = await bad.test();
    expect(state).toBe("failed");
    const [first, second] = result.tasks;
    expect(first?.instances.map((one) => one.state)).toEqual(["success", "failed", "success"]);
    expect(second?.instances).toMatchObject([{ map_index: -1, state: "upstream_failed", try_number: 0, log: "" }]);
    const failed = first?.instance(1);
    expect(failed?.error).toMatchObject({ code: "task-failed", at: { file: import.meta.filename, line: 51 } });
    expect(failed?.error?.stack).toMatch(/^TypeError: not 2\n/);
    expect(failed?.error?.stack).not.toContain("/runtime/src/");
    expect(failed?.log).toContain("TypeError: not 2");
  });

  it("gives the context of the run, and what the test says", async () => {
    const told = dag({ dag_id: "told" }, () => {
      task({ task_id: "tell" }, (_, { ds, params, ti }) => {
        const { run_id } = get_current_context();
        return [ds, params["n"], ti.dag_id, run_id];
      })();
    });
    const result = await told.test({ logical_date: new Date("2022-04-02T10:00:00Z"), params: { n: 3 } });
    expect(result.xcom("tell")).toEqual(["2022-04-02", 3, "told", result.run_id]);
    expect(() => get_current_context()).toThrow();
  });

  it("does not pause between tries", async () => {
    let tries = 0;
    const flaky = dag({ dag_id: "flaky" }, () => {
      task({ task_id: "t", retries: 3, retry_delay: "1h" }, () => {
        if (++tries < 4) throw new Error("again");
        return tries;
      })();
    });
    const result = await flaky.test();
    expect(result.task("t").instances).toMatchObject([{ state: "success", try_number: 4, xcom: 4 }]);
  });

  it("takes skips and failures for what they are", async () => {
    const mixed = dag({ dag_id: "mixed" }, () => {
      const skip = task({ task_id: "skip" }, () => {
        throw new SkipException("no news");
      });
      const fail = task({ task_id: "fail", retries: 9 }, () => {
        throw new FailException("no");
      });
      chain(skip(), task({ task_id: "after" }, () => 1)());
      fail();
    });
    const result = await mixed.test();
    expect(result.state).toBe("failed");
    expect(result.tasks.map((one) => one.state)).toEqual(["skipped", "skipped", "failed"]);
    expect(result.task("fail").instances[0]?.try_number).toBe(1);
  });

  it("runs a DAG as often as it is asked to", async () => {
    const results = [await adder.test(), await adder.test()];
    expect(results.map((result) => result.xcom("total"))).toEqual([36, 36]);
  });
});

describe("xcoms", () => {
  it("stand for tasks that are then not run", async () => {
    const result = await adder.test({ xcoms: { extract: [5] } });
    expect(result.xcom("total")).toBe(15);
    expect(result.task("extract").instances).toMatchObject([{ state: "success", log: "", rendered: null, xcom: [5] }]);
  });

  it("are lists where the task is mapped", async () => {
    const result = await adder.test({ xcoms: { add: [1, null, 2] } });
    expect(result.task("add").instances.map(({ state, xcom, log }) => [state, xcom, log])).toEqual([
      ["success", 1, ""],
      ["success", null, ""],
      ["success", 2, ""],
    ]);
    expect(result.xcom("total")).toBe(3);
    expect((await adder.test({ xcoms: { add: [] } })).task("add").state).toBe("skipped");
  });

  it("do not wait for what comes before", async () => {
    const behind = dag({ dag_id: "behind" }, () => {
      const broken = task({ task_id: "broken" }, (): number[] => {
        throw new Error("no database here");
      });
      total({ values: broken() });
    });
    const result = await behind.test({ xcoms: { total: 7 } });
    expect(result.tasks.map((one) => one.state)).toEqual(["failed", "success"]);
    expect((await behind.test({ xcoms: { broken: [1, 2] } })).xcom("total")).toBe(3);
  });

  it("decide like the branch that they stand for", async () => {
    const forked = dag({ dag_id: "forked" }, () => {
      const left = task({ task_id: "left" }, () => "l");
      const fork = task.branch({ task_id: "fork" }, () => "left");
      chain(fork(), [left(), left.override({ task_id: "right" })()]);
    });
    const result = await forked.test({ xcoms: { fork: "right" } });
    expect([result.task("left").state, result.task("right").state]).toEqual(["skipped", "success"]);
  });

  it("are checked like any result", async () => {
    const result = await adder.test({ xcoms: { extract: "text" } });
    expect(result.task("extract").instances[0]?.error?.code).toBe("not-mappable");
    const dates = await adder.test({ xcoms: { total: new Map() } });
    expect(dates.task("total").instances[0]?.error?.code).toBe("xcom-not-serializable");
  });
});

describe("a mapped group", () => {
  const grouped = dag({ dag_id: "grouped" }, () => {
    const g = task_group({ group_id: "g" }, ({ n }: { n: XComArg<number> }) => {
      const double = task({ task_id: "double" }, (inputs: { n: number }) => inputs.n * 2);
      return add({ x: double({ n }), y: 1 });
    });
    total({ values: g.expand({ n: extract() }) });
  });

  it("gives each of its tasks an instance for every index", async () => {
    const result = await grouped.test();
    expect([result.xcom("g.double"), result.xcom("g.add"), result.xcom("total")]).toEqual([[2, 4, 6], [3, 5, 7], 15]);
  });

  it("takes results for its tasks, one for each index", async () => {
    const result = await grouped.test({ xcoms: { "g.double": [0, 0, 10] } });
    expect([result.xcom("g.add"), result.xcom("total")]).toEqual([[1, 1, 11], 13]);
    expect(result.log("g.double", 1)).toBe("");
    const short = await grouped.test({ xcoms: { "g.double": [0] } });
    expect(short.task("g.double").instance(2).error?.code).toBe("invalid-option");
  });
});

describe("time", () => {
  it("passes at once between two looks of a sensor", async () => {
    const looks: number[] = [];
    const waiting = (options: object) =>
      dag({ dag_id: "waiting" }, () => {
        task.sensor({ task_id: "look", ...options }, (): boolean => looks.push(1) >= 3)();
      }).test();
    for (const mode of ["poke", "reschedule"] as const) {
      looks.length = 0;
      const result = await waiting({ mode, poke_interval: "1h" });
      expect([result.task("look").state, looks.length]).toEqual(["success", 3]);
    }
  });

  it("ends a sensor that never finds anything", async () => {
    const never = dag({ dag_id: "never" }, () => {
      task.sensor({ task_id: "look", poke_interval: "1h", timeout: "1d" }, () => false)();
    });
    expect((await never.test()).task("look").instances[0]?.error?.code).toBe("sensor-timeout");
  });

  it("ends a body that waits longer than it may", async () => {
    const late = dag({ dag_id: "late" }, () => {
      task({ task_id: "t", execution_timeout: 0.01 }, () => new Promise(() => undefined))();
    });
    expect((await late.test()).task("t").instances[0]?.error?.code).toBe("task-timeout");
  });
});

describe("connections and variables", () => {
  const asking = dag({ dag_id: "asking" }, () => {
    task({ task_id: "ask" }, () => {
      const { host, password } = get_connection("db");
      console.log(`password ${String(password)}`);
      return [host, Variable.get("bucket"), Object.keys(process.env).filter((name) => name.startsWith("AIRFLOW_"))];
    })();
  });

  it("are seen by that run only", async () => {
    const own = { connections: { db: "postgres://ada:open%20sesame@db.example/main" }, variables: { bucket: "b" } };
    const result = await asking.test(own);
    expect(result.xcom("ask")).toEqual(["db.example", "b", []]);
    expect(result.log("ask")).toBe("password ***\n");
    expect(registry().secrets.size).toBe(0);
    expect((await asking.test()).task("ask").instances[0]?.error?.code).toBe("missing-connection");
    const parts = { connections: { db: { host: "h" } }, variables: { bucket: 3 } };
    expect((await asking.test(parts)).xcom("ask")).toEqual(["h", expect.anything(), []]);
  });
});

describe("what a real run does is done", () => {
  it("templates and callbacks", async () => {
    const seen: unknown[] = [];
    const on_failure_callback = (context: Context) => void seen.push(context.ti.map_index);
    const greet = task({ task_id: "greet", on_failure_callback }, ({ text, name }: { text: string; name: string }) => {
      if (name === "Bonn") throw new Error("no");
      return `${text} ${name}`;
    });
    const named = dag({ dag_id: "named", params: { who: "you" } }, () => {
      greet.partial({ text: "{{ ds }} {{ params.who }}" }).expand({ name: ["Ulm", "Bonn"] });
    });
    const result = await named.test({ logical_date: new Date("2022-04-02") });
    const texts = result.task("greet").instances.map(({ rendered }) => rendered?.["text"]);
    expect(texts).toEqual(["2022-04-02 you", "2022-04-02 you"]);
    expect(result.xcom("greet")).toEqual(["2022-04-02 you Ulm"]);
    expect(seen).toEqual([1]);
  });

  it("ending with the first failure, and going without a past", async () => {
    const fast = dag({ dag_id: "fast", fail_fast: true }, () => {
      task({ task_id: "a" }, () => {
        throw new Error("no");
      })();
      task({ task_id: "b", depends_on_past: true }, () => 1)();
    });
    const result = await fast.test();
    expect(result.state).toBe("failed");
    expect(result.tasks.map(({ state }) => state)).toEqual(["failed", "skipped"]);
    const alone = dag({ dag_id: "alone" }, () => {
      task({ task_id: "b", depends_on_past: true, wait_for_downstream: true }, () => 1)();
    });
    expect((await alone.test()).state).toBe("success");
  });

  it("params that their schemas do not allow are refused", async () => {
    const checked = dag({ dag_id: "checked", params: { n: new Param(1, { type: "integer" }) } }, () => {
      task({ task_id: "t" }, (_, { params }) => params["n"])();
    });
    expect((await checked.test()).xcom("t")).toBe(1);
    expect((await refusalOf(checked.test({ params: { n: "two" } }))).code).toBe("invalid-params");
  });
});

describe("what cannot be run is refused", () => {
  it.each<[string, object, string]>([
    ["an unknown option", { param: {} }, "invalid-option"],
    ["no date", { logical_date: "2022-04-02" }, "invalid-option"],
    ["params that are no object", { params: [] }, "invalid-params"],
    ["connections that are no object", { connections: [] }, "invalid-option"],
    ["a result of an unknown task", { xcoms: { ad: 1 } }, "unknown-task"],
    ["a single result of a mapped task", { xcoms: { add: 1 } }, "invalid-option"],
  ])("%s", async (_, options, code) => {
    expect((await refusalOf(adder.test(options as DagTestOptions))).code).toBe(code);
  });

  it("an unknown task, or an unknown instance, of a result", async () => {
    const result = await adder.test();
    expect(() => result.task("ad")).toThrow(expect.objectContaining({ code: "unknown-task" }));
    expect(() => result.xcom("add", 3)).toThrow(expect.objectContaining({ code: "unknown-map-index" }));
    expect(() => result.log("add")).toThrow(expect.objectContaining({ code: "unknown-map-index" }));
  });
});
