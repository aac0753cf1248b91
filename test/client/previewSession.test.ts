import { beforeEach, describe, expect, it } from "vitest";
import type { DagModel } from "#core/model/dag.js";
import type { FileModels } from "#core/protocol/lsp.js";
import type { HostMessage } from "#core/protocol/parse.js";
import { parseHostMessage } from "#core/protocol/parse.js";
import { PreviewSession } from "../../client/src/preview/previewSession.js";
import { RunBook } from "../../client/src/runs/runBook.js";
import { DAG_FILE, dagModel, eventStream, started } from "./support/runs.js";

const FILE = { uri: `file://${DAG_FILE}`, path: DAG_FILE, name: "adder.dag.ts" };
const adder = dagModel("adder", ["list", "add[]"], 10);
const other = dagModel("other", ["fetch"], 30);

let book: RunBook;
let posted: HostMessage[];
let session: PreviewSession;

beforeEach(() => {
  book = new RunBook();
  posted = [];
  session = new PreviewSession(
    {
      post: (message) => posted.push(message),
      latestRun: (file, dagId) => book.latest(file, dagId),
      canRun: () => true,
    },
    FILE,
  );
});

function reading(dags: readonly DagModel[], broken = false, exact: FileModels["exact"] = null): FileModels {
  return { uri: FILE.uri, version: 1, dags, broken, exact };
}

function show(...dags: readonly DagModel[]): void {
  session.setVisible(true);
  session.setModels(reading(dags));
}

function lastSnapshot() {
  const message = posted.findLast((candidate) => candidate.method === "snapshot");
  if (message?.method !== "snapshot") throw new Error("no snapshot was posted");
  return message.params;
}

function startRun(id: string, model = adder) {
  const next = eventStream(id);
  book.receive(next(started(model)));
  const run = book.find(id);
  if (run === undefined) throw new Error("the run is missing");
  return { run, next };
}

describe("what the page is told", () => {
  it("is nothing while it is hidden, and everything once it is shown", () => {
    session.setModels(reading([adder]));
    expect(posted).toEqual([]);
    session.setVisible(true);
    expect(lastSnapshot().model?.dag_id).toBe("adder");
    session.setVisible(false);
    session.setModels(reading([other]));
    expect(lastSnapshot().model?.dag_id).toBe("adder");
  });

  it("is understood by the page's own parser", () => {
    show(adder);
    const { run } = startRun("run-1");
    session.runChanged(run, ["add"]);
    session.runChanged(run, ["add"]);
    session.moveCursor({ file: DAG_FILE, line: 11, column: 5 });
    expect(posted.map(({ method }) => method)).toContain("runDelta");
    expect(posted.map((message) => parseHostMessage(message)?.method)).toEqual(posted.map(({ method }) => method));
  });

  it("numbers snapshots and deltas without a gap", () => {
    show(adder);
    const { run } = startRun("run-1");
    session.runChanged(run, []);
    session.runChanged(run, ["add"]);
    session.sendSnapshot();
    const revisions = posted.flatMap((message) => (message.method === "selectTask" ? [] : [message.params.revision]));
    expect(revisions).toEqual(revisions.map((_, index) => index + 1));
  });
});

describe("the graph", () => {
  it("is missing where there is no DAG, with a word only where the code is broken", () => {
    show();
    expect(lastSnapshot()).toMatchObject({ model: null, notice: null });
    session.setModels(reading([], true));
    expect(lastSnapshot()).toMatchObject({ model: null, notice: { severity: "error" } });
  });

  it("is not told about before the file was read", () => {
    session.setVisible(true);
    expect(posted).toEqual([]);
    session.setUnreadable();
    expect(lastSnapshot()).toMatchObject({ model: null, notice: { severity: "error" } });
  });

  it("stays while the code is broken, and says so", () => {
    show(adder);
    session.setModels(reading([adder], true));
    expect(lastSnapshot().model?.dag_id).toBe("adder");
    expect(lastSnapshot().notice?.severity).toBe("warning");
    session.setModels(reading([adder]));
    expect(lastSnapshot().notice).toBeNull();
  });

  it("is not told as an earlier one where the code was broken from the start", () => {
    session.setVisible(true);
    session.setModels(reading([adder], true));
    const fromStart = lastSnapshot().notice;
    session.setModels(reading([adder]));
    session.setModels(reading([adder], true));
    expect(fromStart).toMatchObject({ severity: "warning" });
    expect(lastSnapshot().notice?.text).not.toBe(fromStart?.text);
  });

  it("is the executed one where that is known of the text, and says why where it could not be executed", () => {
    const executed = { ...dagModel("adder", ["list", "add[]", "more"], 10), origin: "executed" as const };
    session.setVisible(true);
    session.setModels(reading([adder], false, { ok: true, value: [executed] }));
    expect(lastSnapshot().model).toEqual(executed);
    session.setModels(reading([adder], false, { ok: true, value: [] }));
    expect(lastSnapshot()).toMatchObject({ model: adder, notice: null });
    const error = { code: "import-failed" as const, message: "It throws." };
    session.setModels(reading([adder], false, { ok: false, error }));
    expect(lastSnapshot()).toMatchObject({ model: adder, notice: { severity: "warning" } });
    session.setModels(reading([adder]));
    expect(lastSnapshot()).toMatchObject({ model: adder, notice: null });
  });

  it("stays while the server does not answer", () => {
    show(adder);
    session.setUnreadable();
    expect(lastSnapshot().model?.dag_id).toBe("adder");
    expect(lastSnapshot().notice?.severity).toBe("error");
  });

  it("ignores a reading of another file", () => {
    show(adder);
    session.setModels({ ...reading([other]), uri: "file:///dags/late.dag.ts" });
    expect(lastSnapshot().model?.dag_id).toBe("adder");
  });
});

describe("several DAGs in a file", () => {
  it("are all named, and one is chosen", () => {
    show(adder, other);
    expect(lastSnapshot()).toMatchObject({ dagIds: ["adder", "other"], model: { dag_id: "adder" } });
    session.chooseDag("other");
    expect(lastSnapshot().model?.dag_id).toBe("other");
  });

  it("are followed by the cursor, together with its task", () => {
    show(adder, other);
    session.moveCursor({ file: DAG_FILE, line: 30, column: 5 });
    expect(lastSnapshot()).toMatchObject({ model: { dag_id: "other" }, selected: "fetch" });
  });

  it("keep the choice over an edit", () => {
    show(adder, other);
    session.chooseDag("other");
    session.setModels(reading([adder, other]));
    expect(lastSnapshot().model?.dag_id).toBe("other");
  });
});

describe("the cursor", () => {
  it("selects the task that it is in, once", () => {
    show(adder);
    session.moveCursor({ file: DAG_FILE, line: 11, column: 5 });
    session.moveCursor({ file: DAG_FILE, line: 11, column: 9 });
    session.moveCursor({ file: DAG_FILE, line: 9, column: 1 });
    expect(posted.filter(({ method }) => method === "selectTask")).toEqual([
      { method: "selectTask", params: { task_id: "add" } },
      { method: "selectTask", params: { task_id: null } },
    ]);
  });
});

describe("a run on the graph", () => {
  it("appears when it begins, and then comes in deltas", () => {
    show(adder);
    const { run, next } = startRun("run-1");
    session.runChanged(run, []);
    expect(lastSnapshot().run?.run_id).toBe("run-1");
    run.apply(next({ type: "task_expanded", task_id: "add", count: 3 }));
    session.runChanged(run, ["add"]);
    expect(posted.at(-1)).toMatchObject({ method: "runDelta", params: { tasks: [{ task_id: "add", count: 3 }] } });
  });

  it("appears also where it was over before anybody heard of it", () => {
    show(adder);
    const { run, next } = startRun("run-1");
    run.apply(next({ type: "run_finished", state: "success", cancelled: false }));
    session.runChanged(run, ["add"]);
    expect(lastSnapshot().run).toMatchObject({ run_id: "run-1", state: "success" });
  });

  it("of another DAG or an older one does not", () => {
    show(adder);
    const old = startRun("run-1").run;
    const now = startRun("run-2").run;
    session.runChanged(now, []);
    old.apply({ ...eventStream("run-1")({ type: "run_finished", state: "success", cancelled: false }), seq: 2 });
    session.runChanged(old, []);
    session.runChanged(startRun("run-3", other).run, []);
    expect(lastSnapshot().run?.run_id).toBe("run-2");
  });

  it("that ended goes when the graph is edited, not when the code only moves", () => {
    show(adder);
    const { run, next } = startRun("run-1");
    run.apply(next({ type: "run_finished", state: "success", cancelled: false }));
    session.showRun(run);
    session.setModels(reading([dagModel("adder", ["list", "add[]"], 50)]));
    expect(lastSnapshot().run?.run_id).toBe("run-1");
    session.setModels(reading([dagModel("adder", ["list", "add[]", "sum"], 50)]));
    expect(lastSnapshot().run).toBeNull();
  });

  it("that ended comes back when the edit is undone, unless another one was shown since", () => {
    show(adder, other);
    const { run, next } = startRun("run-1");
    run.apply(next({ type: "run_finished", state: "success", cancelled: false }));
    session.showRun(run);
    const edited = dagModel("adder", ["list", "add[]", "sum"], 10);
    session.setModels(reading([edited, other]));
    session.setModels(reading([dagModel("adder", ["list", "add[]", "summed"], 10), other]));
    expect(lastSnapshot().run).toBeNull();
    session.setModels(reading([adder, other]));
    expect(lastSnapshot().run?.run_id).toBe("run-1");
    session.setModels(reading([edited, other]));
    session.runChanged(startRun("run-2").run, []);
    session.setModels(reading([adder, other]));
    expect(lastSnapshot().run?.run_id).toBe("run-2");
  });

  it("is found again when the preview comes back to the file", () => {
    startRun("run-1");
    show(adder);
    expect(lastSnapshot().run?.run_id).toBe("run-1");
    session.show({ uri: "file:///dags/x.ts", path: "/dags/x.ts", name: "x.ts" }, null);
    session.setModels({ ...reading([]), uri: "file:///dags/x.ts" });
    expect(lastSnapshot()).toMatchObject({ run: null, model: null, fileName: "x.ts" });
    session.show(FILE, null);
    session.setModels(reading([adder]));
    expect(lastSnapshot().run?.run_id).toBe("run-1");
  });
});
