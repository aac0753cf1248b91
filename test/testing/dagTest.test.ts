import { describe, expect, it } from "vitest";
import { registry } from "../../runtime/src/authoring/registry.js";
import {
  FailException,
  SkipException,
  Variable,
  chain,
  dag,
  get_connection,
  get_current_context,
  task,
  task_group,
} from "../../runtime/src/index.js";
import type { DagTestOptions, XComArg } from "../../runtime/src/index.js";
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
    expect(failed?.error).toMatchObject({ code: "task-failed", at: { file: import.meta.filename, line: 50 } });
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

describe("what leaves nothing behind", () => {
  const snapshot = () => [
    ...[console, process.stdout, process.stderr].map((object) => Object.getOwnPropertyDescriptors(object)),
    ...["unhandledRejection", "uncaughtException"].map((event) => process.rawListeners(event)),
    ...[
      Object.getOwnPropertyDescriptor(process, "exit"),
      { ...process.env },
      Object.getOwnPropertySymbols(globalThis).length,
    ],
  ];

  it("is the process: console, streams, listeners, environment, globals", async () => {
    await adder.test();
    const before = snapshot();
    await adder.test({ connections: { db: "postgres://db" }, variables: { key: "value" } });
    await refusalOf(adder.test({ xcoms: { none: 1 } }));
    expect(snapshot()).toEqual(before);
  });

  it("is a run: several at once take turns", async () => {
    const seen: string[] = [];
    const named = (dag_id: string) =>
      dag({ dag_id }, () => {
        task({ task_id: "t" }, async (_, { ti }) => {
          seen.push(`${ti.dag_id} in`);
          await new Promise((resolve) => setTimeout(resolve, 1));
          seen.push(`${get_current_context().ti.dag_id} out`);
          console.log(ti.dag_id);
        })();
      });
    const results = await Promise.all([named("a").test(), named("b").test(), named("c").test()]);
    expect(seen).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
    expect(results.map((result) => result.log("t"))).toEqual(["a\n", "b\n", "c\n"]);
  });

  it("goes on after a run that could not be made", async () => {
    const runs = await Promise.allSettled([adder.test({ logical_date: new Date(NaN) }), adder.test()]);
    expect(runs.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
  });

  it("does not take the output of other code", async () => {
    const own: string[] = [];
    const { log } = console;
    console.log = (...values: unknown[]) => void own.push(values.join(" "));
    try {
      const timer = setInterval(() => console.log("mine"), 1);
      const slow = dag({ dag_id: "slow" }, () => {
        task({ task_id: "t" }, async () => {
          await new Promise((resolve) => setTimeout(resolve, 20));
          console.log("its");
        })();
      });
      const result = await slow.test();
      clearInterval(timer);
      expect(result.log("t")).toBe("its\n");
      expect(own).toContain("mine");
      expect(own).not.toContain("its");
    } finally {
      console.log = log;
    }
  });
});

describe("a body", () => {
  const single = (body: () => unknown) =>
    dag({ dag_id: "single" }, () => {
      task({ task_id: "t" }, body)();
      task({ task_id: "other" }, () => 1)();
    }).test();

  it.each([
    ["a promise that nobody awaits", () => void Promise.reject(new Error("stray"))],
    [
      "a promise that is rejected while it waits",
      async () => {
        setTimeout(() => void Promise.reject(new Error("stray")), 1);
        await new Promise((resolve) => setTimeout(resolve, 20));
      },
    ],
    [
      "a timer while it waits for ever",
      () => {
        setTimeout(() => {
          throw new Error("stray");
        }, 1);
        return new Promise(() => undefined);
      },
    ],
  ])("fails by %s", async (_, body) => {
    const result = await single(body);
    expect(result.state).toBe("failed");
    expect(result.task("t").instances[0]).toMatchObject({
      ...{ state: "failed", error: { code: "task-failed", message: "stray", at: { file: import.meta.filename } } },
    });
    expect(result.task("other").state).toBe("success");
  });

  it("that ends the process fails, and the process lives", async () => {
    const result = await single(() => process.exit(3));
    expect(result.task("t").instances[0]?.error).toMatchObject({ code: "worker-died" });
  });

  it("cannot test a DAG", async () => {
    const result = await single(() => adder.test());
    expect(result.task("t").instances[0]?.error?.code).toBe("invalid-option");
  });

  it("is called by `function`, with plain values", () => {
    expect(add.function({ x: 1, y: 2 })).toBe(3);
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
