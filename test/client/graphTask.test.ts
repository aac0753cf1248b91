import { describe, expect, it } from "vitest";
import type { DagModel } from "#core/model/dag.js";
import type { InstanceState } from "#core/model/run.js";
import type { RunEventBody } from "#core/model/runEvent.js";
import type { PreviewController } from "../../client/src/preview/previewController.js";
import { isPageTask, logOf, onlyTargetOf, runNodeOf } from "../../client/src/preview/graphTask.js";
import type { ShownRun } from "../../client/src/preview/previewSession.js";
import type { EngineProcess } from "../../client/src/runs/engineProcess.js";
import { shownRunOf } from "../../client/src/runs/historyRun.js";
import { RunBook } from "../../client/src/runs/runBook.js";
import { DAG_FILE, dagModel, eventStream, started } from "./support/runs.js";

const adder = dagModel("adder", ["list", "add[]"]);
const engine = null as unknown as EngineProcess; // a run of this session is known without asking

function partsWith(book: RunBook, run: ShownRun | null, model: DagModel | null = adder) {
  const taskOf = (id: string) => {
    const task = model?.tasks.find(({ task_id }) => task_id === id);
    return task === undefined ? null : { uri: { toString: () => `file://${DAG_FILE}` }, model, task };
  };
  return { engine, book, preview: { run, taskOf } as unknown as PreviewController };
}

function startedRun(): { readonly book: RunBook; readonly run: ShownRun } {
  const book = new RunBook();
  book.receive(eventStream("run-1")(started(adder)));
  const run = book.find("run-1");
  if (run === undefined) throw new Error("the run is missing");
  return { book, run };
}

const page = (task_id: string) => ({ webviewSection: "task", task_id, fanoutTask: "other" }) as const;

describe("a node of the graph", () => {
  it("is told from a row of the view Runs", () => {
    expect(isPageTask(page("add"))).toBe(true);
    expect(isPageTask({ type: "task" })).toBe(false);
  });

  it("is the task of the run that is shown", async () => {
    const { book, run } = startedRun();
    const node = await runNodeOf(partsWith(book, run), page("add"));
    expect(node).toMatchObject({ type: "task", task: { task_id: "add", mapped: true }, run: { file: DAG_FILE } });
    if (typeof node === "string") throw new Error(node);
    expect(node.run.entry.summary.run_id).toBe("run-1");
  });

  it("is nothing where no run is shown, or one that has not got it", async () => {
    const { book, run } = startedRun();
    expect(await runNodeOf(partsWith(book, null), page("add"))).toEqual(expect.any(String));
    expect(await runNodeOf(partsWith(book, run), page("new"))).toEqual(expect.any(String));
  });

  it("stands for the log of the first instance that failed, else of the first one", () => {
    const book = new RunBook();
    const next = eventStream("run-1");
    const change = (map_index: number, state: InstanceState): RunEventBody => ({
      type: "instances_changed",
      task_id: "add",
      changes: [{ map_index, state, try_number: 1, name: `x=${map_index}` }],
    });
    book.receive(next(started(adder)));
    const run = book.find("run-1");
    if (run === undefined) throw new Error("the run is missing");
    expect(logOf(run, "add")).toBeNull();
    book.attachHome("run-1", "/dags/.fanout");
    for (const index of [0, 1, 2]) book.receive(next(change(index, "success")));
    expect(logOf(run, "add")).toMatchObject({ kind: "log", address: { map_index: 0 }, name: "x=0" });
    for (const index of [2, 1]) book.receive(next(change(index, "failed")));
    const failed = { kind: "log", address: { run_id: "run-1", task_id: "add", map_index: 1 }, name: "x=1" };
    expect(logOf(run, "add")).toMatchObject(failed);
    expect(logOf(shownRunOf(run.details(), "/dags/.fanout"), "add")).toMatchObject(failed);
    expect(logOf(run, "gone")).toBeNull();
  });

  it("can run alone as the code has it now", () => {
    const target = onlyTargetOf(partsWith(new RunBook(), null), page("add"));
    expect(target).toEqual({
      ...{ type: "tasks", uri: `file://${DAG_FILE}`, which: "ask" },
      tasks: [{ dag_id: "adder", task_id: "add", mapped: true }],
    });
    expect(onlyTargetOf(partsWith(new RunBook(), null), page("gone"))).toBe(null);
  });
});
