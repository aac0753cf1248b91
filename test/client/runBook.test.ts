import { describe, expect, it } from "vitest";
import type { InstanceChange, RunEventBody } from "#core/model/runEvent.js";
import { RunBook } from "../../client/src/runs/runBook.js";
import { shownRunOf } from "../../client/src/runs/historyRun.js";
import { failureText, instanceName, placedErrorText, successText } from "../../client/src/runs/runMessages.js";
import { DAG_FILE, dagModel, eventStream, started } from "./support/runs.js";

const model = dagModel("adder", ["list", "add[]"]);

function bookWith(...bodies: readonly RunEventBody[]): RunBook {
  const book = new RunBook();
  const next = eventStream("run-1");
  for (const body of [started(model), ...bodies]) book.receive(next(body));
  return book;
}

function runOf(book: RunBook) {
  const run = book.find("run-1");
  if (run === undefined) throw new Error("the run is missing");
  return run;
}

const expanded: RunEventBody = { type: "task_expanded", task_id: "add", count: 3 };
const oneFailed: RunEventBody = {
  type: "instances_changed",
  task_id: "add",
  changes: [
    { map_index: 0, state: "success", try_number: 1, duration_ms: 12 },
    { map_index: 2, state: "failed", try_number: 2, error: { code: "task-failed", message: "no" } },
    { map_index: 1, state: "running", try_number: 1 },
  ],
};
const counted: RunEventBody = {
  type: "task_changed",
  task_id: "add",
  state: "failed",
  counts: { success: 1, failed: 1, running: 1 },
};

describe("a run that events build up", () => {
  it("counts a mapped task once it is expanded, and never another", () => {
    const book = bookWith();
    expect(
      runOf(book)
        .overlayOf(["list", "add"])
        .map(({ count }) => count),
    ).toEqual([null, null]);
    expect(
      runOf(bookWith(expanded))
        .overlayOf(["list", "add"])
        .map(({ count }) => count),
    ).toEqual([null, 3]);
  });

  it("lists instances by map index with their own states", () => {
    const add = runOf(bookWith(expanded, oneFailed, counted)).details().tasks[1];
    expect(add?.state).toBe("failed");
    expect(add?.instances.map(({ map_index, state, duration_ms }) => [map_index, state, duration_ms])).toEqual([
      [0, "success", 12],
      [1, "running", null],
      [2, "failed", null],
    ]);
  });

  it("keeps the instance that was there before the expansion out of the list", () => {
    const waiting: RunEventBody = {
      type: "instances_changed",
      task_id: "add",
      changes: [{ map_index: -1, state: "scheduled", try_number: 0 }],
    };
    const add = runOf(bookWith(waiting, expanded, oneFailed)).details().tasks[1];
    expect(add?.instances.map(({ map_index }) => map_index)).toEqual([0, 1, 2]);
  });

  it("tells what was cancelled with it from what failed, until that runs again", () => {
    const changed = (...changes: readonly InstanceChange[]): RunEventBody => {
      return { type: "instances_changed", task_id: "add", changes };
    };
    const error = { code: "cancelled", message: "stopped" } as const;
    const stopped = changed({ map_index: 1, state: "failed", try_number: 1, error });
    const run = runOf(bookWith(expanded, oneFailed, stopped));
    expect(run.instancesOf("add").map(({ cancelled }) => cancelled ?? false)).toEqual([false, true, false]);
    expect(run.overlayOf(["list", "add"]).map(({ cancelled }) => cancelled)).toEqual([undefined, 1]);
    const again = changed({ map_index: 1, state: "running", try_number: 2 });
    expect(runOf(bookWith(expanded, oneFailed, stopped, again)).overlayOf(["add"])[0]).not.toHaveProperty("cancelled");
  });

  it("names the instance that failed", () => {
    const run = runOf(bookWith(expanded, oneFailed, counted));
    const failed = run.failures();
    expect(failed).toMatchObject([{ task_id: "add", map_index: 2, error: { code: "task-failed" } }]);
    expect(failed.map(instanceName)).toEqual(["add [2]"]);
    expect(failureText(run)).toContain("add [2]");
  });

  it("measures how far it is in instances", () => {
    const run = runOf(bookWith(expanded, oneFailed, counted));
    expect(run.progress()).toEqual({ finished: 2, known: 3 });
  });

  it("takes a task that the model does not name", () => {
    const run = runOf(bookWith({ type: "task_changed", task_id: "late", state: "success", counts: { success: 1 } }));
    expect(run.details().tasks.map(({ task_id }) => task_id)).toEqual(["list", "add", "late"]);
  });

  it("tells how it ended", () => {
    const run = runOf(bookWith({ type: "run_finished", state: "failed", cancelled: true }));
    expect([run.isRunning, run.runState, run.wasCancelled, run.duration]).toEqual([false, "failed", true, 1000]);
  });

  it("is named after what was run of it", () => {
    const run = runOf(bookWith({ type: "run_finished", state: "success", cancelled: false }));
    expect(successText(run, null)).not.toContain("add [1]");
    expect(successText(run, "add [1]")).toMatch(/'add \[1\]'.*'adder'/);
  });

  it("is told as stopped where it was cancelled or lost, and not where it failed by itself", () => {
    const cancelled = runOf(bookWith({ type: "run_finished", state: "failed", cancelled: true }));
    const lost = bookWith();
    lost.abandonAll({ code: "worker-died", message: "gone" });
    const failed = runOf(bookWith({ type: "run_finished", state: "failed", cancelled: false }));
    const runs = [cancelled, runOf(lost), failed];
    expect(runs.map((run) => run.overlay().stopped)).toEqual(["cancelled", "lost", null]);
    expect(runs.map((run) => run.summary().stopped)).toEqual(["cancelled", "lost", null]);
    expect(runs.map((run) => shownRunOf(run.details(), null).overlay().stopped)).toEqual(["cancelled", "lost", null]);
  });
});

describe("a refusal to start", () => {
  it("names its file once", () => {
    const at = { file: DAG_FILE, line: 3, column: 1 };
    const named = { code: "no-dag", message: `'${DAG_FILE}' declares no DAG.`, at } as const;
    const unnamed = { ...named, message: "There is no DAG" };
    expect(placedErrorText(named).match(/adder\.dag\.ts/g)).toHaveLength(1);
    expect(placedErrorText(named)).not.toContain(DAG_FILE);
    expect(placedErrorText(unnamed)).toMatch(/^adder\.dag\.ts:3: /);
  });
});

describe("the book of runs", () => {
  it("ignores events of a run whose start it never saw", () => {
    const book = new RunBook();
    book.receive(eventStream("unknown")(expanded));
    expect(book.find("unknown")).toBeUndefined();
  });

  it("finds the newest run of a DAG", () => {
    const book = bookWith({ type: "run_finished", state: "success", cancelled: false });
    book.receive(eventStream("run-2")(started(model)));
    expect(book.latest(DAG_FILE, "adder")?.run_id).toBe("run-2");
    expect(book.latest(DAG_FILE, "other")).toBeUndefined();
    expect(book.running.map(({ run_id }) => run_id)).toEqual(["run-2"]);
  });

  it("tells changes of quick succession at once, with every task that changed", async () => {
    const book = new RunBook();
    const next = eventStream("run-1");
    const told: (readonly string[])[] = [];
    const first = new Promise<void>((resolve) => {
      book.onChange(({ taskIds }) => {
        told.push(taskIds);
        resolve();
      });
    });
    for (const body of [started(model), expanded, oneFailed, counted]) book.receive(next(body));
    await first;
    expect(told).toEqual([["add"]]);
  });

  it("knows where the history of a run lies, whichever came first", () => {
    const book = bookWith();
    book.attachHome("run-1", "/dags/.fanout");
    book.attachHome("run-2", "/other/.fanout");
    book.receive(eventStream("run-2")(started(model)));
    expect([book.find("run-1")?.home, book.find("run-2")?.home]).toEqual(["/dags/.fanout", "/other/.fanout"]);
  });

  it("waits for the new end of a run that goes on, which then is the newest", async () => {
    const finish: RunEventBody = { type: "run_finished", state: "failed", cancelled: false };
    const book = bookWith(finish);
    book.receive(eventStream("run-2")(started(model)));
    book.goesOn("run-1", "/dags/.fanout", "2026-01-01T00:00:00Z");
    const end = book.ended("run-1");
    const next = eventStream("run-1");
    book.receive(next(started(model)));
    expect(book.latest(DAG_FILE, "adder")?.run_id).toBe("run-1");
    expect(book.find("run-1")?.home).toBe("/dags/.fanout");
    book.receive(next({ ...finish, state: "success" }));
    expect((await end)?.runState).toBe("success");
  });

  it("resolves the end of a run before and after it came", async () => {
    const book = bookWith();
    const later = book.ended("run-1");
    const finish: RunEventBody = { type: "run_finished", state: "success", cancelled: false };
    book.receive({ ...eventStream("run-1")(finish), seq: 2 });
    expect((await later)?.runState).toBe("success");
    expect((await book.ended("run-1"))?.runState).toBe("success");
  });

  it("fails the running runs with the engine, and those that never began", async () => {
    const book = bookWith();
    const never = book.ended("run-2");
    book.abandonAll({ code: "internal", message: "gone" });
    const run = await book.ended("run-1");
    expect(run?.error?.code).toBe("internal");
    expect(run === null ? "" : failureText(run)).toContain("gone");
    expect(await never).toBeNull();
  });
});
