import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunDetails } from "#core/model/run.js";
import type { RunAction } from "#core/model/runAction.js";
import type { ExactGraph } from "#core/protocol/lsp.js";
import { ExactGraphQueue } from "../../client/src/exact/exactGraphQueue.js";
import { EngineProcess, type EngineOptions } from "../../client/src/runs/engineProcess.js";
import { chooseNode, versionOf } from "../../client/src/runs/nodeRuntime.js";
import type { ShownRun } from "../../client/src/preview/previewSession.js";
import { ForeignRuns } from "../../client/src/runs/foreignRuns.js";
import { RunBook, type RunEntry } from "../../client/src/runs/runBook.js";

const hostPath = path.resolve(import.meta.dirname, "../../dist/runtime/host.js");

const DAG = `
import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => {
  console.log(\`adding \${x}\`);
  if (x === 13) throw new Error("unlucky");
  return x + y;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.reduce((a, b) => a + b, 0));
export const adder = dag({ dag_id: "adder" }, () => {
  total({ values: add.partial({ y: 10 }).expand({ x: [1, 2, 3] }) });
});
export const unlucky = dag({ dag_id: "unlucky" }, () => {
  add.partial({ y: 10 }).expand({ x: [1, 13] });
});
export const slow = dag({ dag_id: "slow" }, () => {
  task({ task_id: "wait" }, () => new Promise((resolve) => setTimeout(resolve, 600_000)))();
});
`;

let folder: string;
let file: string;
let book: RunBook;
let engine: EngineProcess;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), "fanout-client-")));
  file = path.join(folder, "dags/three.dag.ts");
  await mkdir(path.dirname(file));
  await writeFile(file, DAG);
  await writeFile(path.join(folder, "package.json"), "{}");
  book = new RunBook();
  engine = new EngineProcess(options(book));
});

afterEach(async () => {
  engine.dispose();
  book.dispose();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

function options(of: RunBook): EngineOptions {
  return {
    hostPath,
    chooseNode: () => chooseNode({ nodePath: process.execPath, host: { execPath: "", version: "v0.0.0" }, versionOf }),
    handlers: {
      runEvent: (event) => {
        of.receive(event);
      },
    },
    log: () => undefined,
    crashed: (error) => {
      of.abandonAll(error);
    },
  };
}

function missing(): never {
  throw new Error("the run is missing");
}

/** The record is written a moment after the last event. */
async function detailsOf({ home, summary }: RunEntry, holds: (details: RunDetails) => boolean): Promise<void> {
  for (;;) {
    const { run_id } = summary;
    const shown = await engine.ask("showRun", { home: home ?? "", run_id });
    if (shown.ok && holds(shown.value)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function start(dag_id: string): Promise<{ run_id: string; home: string }> {
  const answer = await engine.ask("startRun", { file, dag_id });
  if (!answer.ok) throw new Error(answer.error.message);
  book.attachHome(answer.value.run_id, answer.value.home);
  return answer.value;
}

describe("a run by the real engine", () => {
  it("is followed to its end, and reads the same from the history", async () => {
    const { run_id, home } = await start("adder");
    const run = await book.ended(run_id);
    expect(run?.runState).toBe("success");
    expect(run?.overlayOf(["add", "total"])).toEqual([
      { task_id: "add", state: "success", count: 3, counts: { success: 3 } },
      { task_id: "total", state: "success", count: null, counts: { success: 1 } },
    ]);
    const shown = await engine.ask("showRun", { home, run_id });
    if (!shown.ok || run === null) throw new Error("the run is not in the history");
    const statesOf = (details: typeof shown.value) =>
      details.tasks.map(({ task_id, count, mapped, instances }) => [
        ...[task_id, mapped],
        mapped ? count : null,
        instances.map(({ map_index, state, try_number }) => [map_index, state, try_number]),
      ]);
    expect(statesOf(run.details())).toEqual(statesOf(shown.value));
    const log = await engine.ask("readLog", { home, run_id, task_id: "add", map_index: 1 });
    expect(log.ok && log.value).toContain("adding 2");
    const instance = await engine.ask("showInstance", { home, run_id, task_id: "total", map_index: -1 });
    expect(instance.ok && instance.value.xcom).toBe(36);
  });

  it("names the instance that failed and its place in the source", async () => {
    const { run_id } = await start("unlucky");
    const run = await book.ended(run_id);
    expect(run?.runState).toBe("failed");
    expect(run?.failures()).toMatchObject([{ task_id: "add", map_index: 1, error: { at: { file, line: 5 } } }]);
  });

  it("is listed, newest first, from every folder of the package", async () => {
    const first = await start("adder");
    await book.ended(first.run_id);
    const second = await start("adder");
    await book.ended(second.run_id);
    const { runs } = await new RunBook().list(engine, [folder, path.dirname(file)]);
    expect(runs.map(({ summary }) => summary.run_id)).toEqual([second.run_id, first.run_id]);
    expect(runs.map(({ home }) => home)).toEqual([path.join(folder, ".fanout"), path.join(folder, ".fanout")]);
  });

  it("stops when it is cancelled", async () => {
    const { run_id } = await start("slow");
    expect(await engine.ask("cancelRun", { run_id })).toMatchObject({ ok: true });
    const run = await book.ended(run_id);
    expect([run?.runState, run?.wasCancelled, run?.overlay().stopped]).toEqual(["failed", true, "cancelled"]);
    const { runs } = await new RunBook().list(engine, [folder]);
    expect(runs.map(({ summary }) => summary.stopped)).toEqual(["cancelled"]);
  });

  it("is followed anew when it goes on, and reads the same from the history", async () => {
    const { run_id, home } = await start("unlucky");
    const first = await book.ended(run_id);
    const [entry = missing()] = (await book.list(engine, [folder])).runs;
    const action: RunAction = { name: "mark", state: "success", selection: { task_id: "add", map_index: 1 } };
    book.goesOn(run_id, home, entry.summary.start);
    expect(await engine.ask("resumeRun", { home, run_id, action })).toMatchObject({ ok: true });
    const again = await book.ended(run_id);
    expect(again).not.toBe(first);
    expect(again?.runState).toBe("success");
    expect(again?.overlayOf(["add"])).toMatchObject([{ state: "success", count: 2, counts: { success: 2 } }]);
    await detailsOf(entry, ({ state }) => state === "success");
    const { runs } = await book.list(engine, [folder]);
    expect(runs.map(({ summary }) => [summary.run_id, summary.start])).toEqual([[run_id, entry.summary.start]]);
  });

  it("lasted as long as its record says, also where it went on", async () => {
    const { run_id, home } = await start("unlucky");
    const recorded = async (): Promise<readonly number[]> => {
      const run = (await book.ended(run_id)) ?? missing();
      await book.readRecord(engine, run);
      const [entry = missing()] = (await new RunBook().list(engine, [folder])).runs;
      const { start, end } = entry.summary;
      expect(entry.summary).toMatchObject(run.summary());
      const times = [Date.parse(start), Date.parse(end ?? "")];
      expect([run.overlay().start, run.overlay().end]).toEqual(times);
      return times;
    };
    const [begin = 0, end = 0] = await recorded();
    const action: RunAction = { name: "mark", state: "failed", selection: { task_id: "add", map_index: 0 } };
    book.goesOn(run_id, home, new Date(begin).toISOString());
    expect(await engine.ask("resumeRun", { home, run_id, action })).toMatchObject({ ok: true });
    await book.ended(run_id);
    expect(book.find(run_id)?.overlay().start).toBe(begin);
    const [again, later = 0] = await recorded();
    expect(again).toBe(begin);
    expect(later).toBeGreaterThan(end);
  });

  it("is read as it goes where another process executes it, and stopped through that", async () => {
    const { run_id, home } = await start("slow");
    const other = new EngineProcess(options(new RunBook()));
    try {
      const foreign = new RunBook();
      const { runs } = await foreign.list(other, [folder]);
      expect(foreign.isForeign(run_id)).toBe(true);
      const [entry = missing()] = runs;
      const ended = new Promise<ShownRun>((resolve) => {
        const follower = new ForeignRuns(
          (run) => foreign.details(other, run),
          (run) => {
            if (run.isRunning) void other.ask("cancelRun", { run_id, home });
            else resolve(run);
            return true;
          },
        );
        follower.follow(entry);
      });
      expect((await ended).overlay()).toMatchObject({ run_id, state: "failed", tasks: [{ state: "failed" }] });
      expect((await book.ended(run_id))?.wasCancelled).toBe(true);
      expect(await other.ask("cancelRun", { run_id, home })).toMatchObject({ ok: true });
    } finally {
      other.dispose();
    }
  });

  it("is not needed for the exact graphs: of a file saved quickly again only the newest text counts", async () => {
    const told: ExactGraph[] = [];
    const done = new Promise<void>((resolve) => {
      const queue = new ExactGraphQueue(engine, (graph) => {
        told.push(graph);
        if (graph.uri === "last") resolve();
      });
      for (const version of [1, 2, 3]) queue.add({ uri: "file", file, version });
      queue.add({ uri: "last", file: `${file}.missing.ts`, version: 1 });
    });
    await done;
    expect(told.map(({ uri, version, answer }) => [uri, version, answer.ok])).toEqual([
      ["file", 3, true],
      ["last", 1, false],
    ]);
    const [{ answer } = { answer: null }] = told;
    const graphs = answer?.ok === true ? answer.value : [];
    expect(graphs.map(({ dag_id, origin }) => [dag_id, origin])).toEqual([
      ["adder", "executed"],
      ["unlucky", "executed"],
      ["slow", "executed"],
    ]);
    expect((await engine.ask("listRuns", { path: folder, limit: 9 })).ok && book.running).toEqual([]);
  });

  it("is refused with code and place where the file cannot be run", async () => {
    await writeFile(file, 'import { dag } from "fanout";\nthrow new Error("at import");\n');
    expect(await engine.ask("startRun", { file })).toMatchObject({
      ok: false,
      error: { code: "import-failed", at: { file, line: 2 } },
    });
  });
});
