import { describe, expect, it } from "vitest";
import { dag, get_current_context, task } from "../../runtime/src/index.js";
import { refusalOf } from "../runtime/support/project.js";

const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => {
  console.log("adding");
  return x + y;
});
const adder = dag({ dag_id: "adder" }, () => {
  add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
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
