import { describe, expect, it } from "vitest";
import { dag, FailException, SkipException, task } from "../../runtime/src/index.js";
import { declarationOf } from "../../runtime/src/authoring/dag.js";
import { OutputCapture } from "../../runtime/src/testing/outputCapture.js";
import { runInMemory } from "../../runtime/src/testing/runInMemory.js";

async function run(body: () => void) {
  const declaration = declarationOf(dag({ dag_id: "d" }, body));
  if (!declaration) throw new Error("no DAG");
  const output = new OutputCapture();
  output.start();
  const made = await runInMemory(declaration, { output, own: [] }).finally(() => {
    output.stop();
  });
  const position = (task_id: string) => made.dag.model.tasks.findIndex((one) => one.task_id === task_id);
  return {
    ...made,
    states: (task_id: string) => made.store.instances(position(task_id)).map(({ state }) => state),
    xcoms: (task_id: string) =>
      made.store.xcoms(position(task_id), -1, 1e9, 1e9).map((text) => JSON.parse(text) as unknown),
    log: (task_id: string, place = 0) => {
      const log = made.store.instances(position(task_id))[place]?.log;
      return log ? output.text(log.from, log.to ?? output.size) : null;
    },
  };
}

const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) =>
  values.reduce((sum, value) => sum + value, 0),
);

describe("a run in the caller's own process", () => {
  it("maps, reduces and keeps what every instance printed", async () => {
    const add = task({ task_id: "add" }, async ({ x, y }: { x: number; y: number }) => {
      console.log("adding", { x });
      await Promise.resolve();
      process.stdout.write(`${String(x)} and ${String(y)}\n`);
      return x + y;
    });
    const made = await run(() => {
      total({ values: add.partial({ y: 10 }).expand({ x: [1, 2, 3] }) });
    });
    expect(made.result).toEqual({ state: "success", cancelled: false });
    expect(made.xcoms("add")).toEqual([11, 12, 13]);
    expect(made.xcoms("total")).toEqual([36]);
    expect(made.log("add", 1)).toBe("adding { x: 2 }\n2 and 10\n");
    expect(made.events[0]?.type).toBe("run_started");
    expect(made.events.at(-1)).toMatchObject({ type: "run_finished", state: "success" });
  });

  it("skips, fails and tries again as worker processes do, without pauses", async () => {
    let tries = 0;
    const made = await run(() => {
      const flaky = task({ task_id: "flaky", retries: 2, retry_delay: "1h" }, () => {
        if (++tries < 3) throw new Error(`try ${String(tries)}`);
        return tries;
      });
      const hopeless = task({ task_id: "hopeless", retries: 5 }, () => {
        throw new FailException("no");
      });
      const skipped = task({ task_id: "skipped" }, () => {
        throw new SkipException("not today");
      });
      const after = task({ task_id: "after" }, (_: { a: unknown }) => 1);
      after({ a: skipped() });
      after.override({ task_id: "behind" })({ a: hopeless() });
      flaky();
    });
    expect(made.result.state).toBe("failed");
    expect(made.states("flaky")).toEqual(["success"]);
    expect(made.xcoms("flaky")).toEqual([3]);
    expect(made.states("hopeless")).toEqual(["failed"]);
    expect(made.states("after")).toEqual(["skipped"]);
    expect(made.states("behind")).toEqual(["upstream_failed"]);
    expect(made.log("skipped")).toBe("Skipped: not today\n");
  });

  it("leaves console and streams as they were", async () => {
    const now = () =>
      [console, process.stdout, process.stderr].map((object) => Object.getOwnPropertyDescriptors(object));
    const before = now();
    await run(() => {
      total({ values: [1] });
    });
    expect(now()).toEqual(before);
  });

  it("runs two hundred instances and more one after the other", async () => {
    let running = 0;
    const alone = task({ task_id: "alone" }, async ({ n }: { n: number }) => {
      if (running++ > 0) throw new Error("not alone");
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      return n;
    });
    const made = await run(() => {
      total({ values: alone.expand({ n: Array.from({ length: 200 }, (_, n) => n) }) });
    });
    expect(made.xcoms("total")).toEqual([19_900]);
  });
});
