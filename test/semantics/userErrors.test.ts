import { describe, expect, it } from "vitest";
import { runDag } from "../runtime/support/project.js";

/** The error that a task with this body fails with, and what its log says. */
async function failure(body: string): Promise<{ stack: string; log: string }> {
  const run = await runDag(`const t = task({ task_id: "t" }, () => { ${body} });`, "t();");
  const { error } = run.instance("t", -1);
  expect(error?.code).toBe("task-failed");
  return { stack: error?.stack ?? "", log: run.log("t", -1) };
}

describe("errors within an error", () => {
  it("are told of in stack and log: causes, what an AggregateError gathers, and what is no error", async () => {
    const { stack, log } = await failure(
      `throw new AggregateError([new TypeError("first"), new Error("second", { cause: "the reason" }), "third"], "all",
         { cause: new Error("before") });`,
    );
    for (const text of ["AggregateError: all", "TypeError: first", "Error: second", "the reason", "third", "before"]) {
      expect(stack).toContain(text);
      expect(log).toContain(text);
    }
    expect(stack.match(/dag\.ts:\d+/g)?.length).toBeGreaterThan(3);
  });

  it("are told of up to a number and a depth", async () => {
    const many = await failure(
      `throw new AggregateError(Array.from({ length: 500 }, (_, i) => new Error("no " + i)));`,
    );
    expect(many.stack.match(/Error: no \d+/g)?.length).toBeLessThan(20);
    const deep = await failure(
      `let e = new Error("e0"); for (let i = 1; i < 500; i++) e = new Error("e" + i, { cause: e }); throw e;`,
    );
    expect(deep.stack.match(/Error: e\d+/g)?.length).toBeLessThan(20);
    const own = await failure(
      `const e: any = new AggregateError([], "itself"); e.errors.push(e, e); e.cause = e; throw e;`,
    );
    expect(own.stack.length).toBeLessThan(10_000);
  });
});
