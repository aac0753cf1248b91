import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageToHost } from "#core/protocol/preview.js";
import {
  parseAnswer,
  parseEngineMessage,
  parseHostMessage,
  parsePageMessage,
  parseRunEvent,
} from "#core/protocol/parse.js";
import { adder, overlay, salesDaily, snapshot } from "../webview/support/models.js";

describe("page → host", () => {
  const valid = [
    { method: "ready", params: null },
    { method: "resync", params: null },
    { method: "revealTask", params: { task_id: "a" } },
    { method: "chooseDag", params: { dag_id: "a" } },
    { method: "run", params: null },
    { method: "cancel", params: null },
    { method: "openLog", params: { task_id: "a" } },
  ];

  test("every message of the channel passes", () => {
    expect(valid.map((message) => message.method)).toEqual(Object.keys(pageToHost));
    for (const message of valid) expect(parsePageMessage(message)).toEqual(message);
  });

  test.each([
    null,
    "run",
    [],
    {},
    { method: "toString", params: null },
    { method: "__proto__", params: null },
    { method: "revealTask", params: null },
    { method: "revealTask", params: { task_id: 1 } },
    { method: "revealTask", params: Object.create({ task_id: "inherited" }) as unknown },
    { method: "openLog", params: { task_id: Number.NaN } },
    { method: "run", params: { shell: "rm" } },
  ])("%j is refused", (message) => {
    expect(parsePageMessage(message)).toBeNull();
  });

  test("no value makes it throw", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        parsePageMessage(value);
        parsePageMessage({ method: "openLog", params: value });
        parseHostMessage({ method: "runDelta", params: value });
        parseRunEvent(value);
        parseAnswer("showRun", value);
      }),
    );
  });
});

describe("host → page", () => {
  test("our messages pass, others' do not", () => {
    const message = { method: "snapshot", params: snapshot(adder()) };
    expect(parseHostMessage(message)).toEqual(message);
    const delta = {
      revision: 2,
      tasks: [overlay("add", "running")],
      state: "running",
      stopped: null,
      start: 1,
      end: null,
    };
    expect(parseHostMessage({ method: "runDelta", params: delta })).not.toBeNull();
    const [task] = delta.tasks;
    const cancelledOf = (cancelled: unknown): object => ({ ...delta, tasks: [{ ...task, cancelled }] });
    expect(parseHostMessage({ method: "runDelta", params: cancelledOf(2) })).not.toBeNull();
    expect(parseHostMessage({ method: "runDelta", params: cancelledOf("two") })).toBeNull();
    expect(parseHostMessage({ method: "runDelta", params: { ...delta, state: "lost" } })).toBeNull();
    expect(parseHostMessage({ source: "react-devtools" })).toBeNull();
  });
});

describe("engine → client", () => {
  const head = { seq: 1, run_id: "r", at: 1 };
  const started = {
    ...head,
    type: "run_started",
    dag_id: "d",
    file: "/d.ts",
    logical_date: "2026-01-01T00:00:00Z",
    model: salesDaily(),
    node: "v20.20.2",
  };
  const events = [
    started,
    { ...head, type: "task_expanded", task_id: "add", count: 3 },
    {
      ...head,
      type: "instances_changed",
      task_id: "add",
      changes: [
        { map_index: 0, state: "success", try_number: 1, duration_ms: 1.5 },
        { map_index: 1, state: "failed", try_number: 2, error: { code: "task-failed", message: "no" } },
      ],
    },
    { ...head, type: "task_changed", task_id: "add", state: "running", counts: { success: 1, running: 2 } },
    { ...head, type: "run_finished", state: "failed", cancelled: true },
  ];

  test.each(events)("the event $type passes", (event) => {
    expect(parseEngineMessage({ type: "notification", method: "runEvent", params: event })).toEqual({
      type: "event",
      event,
    });
  });

  test.each<[string, object]>([
    ["an unknown type", { ...head, type: "coffee" }],
    ["no sequence number", { ...events[1], seq: undefined }],
    ["an unknown state", { ...events[3], state: "confused" }],
    ["a negative count", { ...events[1], count: -1 }],
    ["a model of another version", { ...started, model: { ...salesDaily(), modelVersion: 2 } }],
    ["a model with a task that is none", { ...started, model: { ...salesDaily(), tasks: [{ task_id: "a" }] } }],
    ["an unknown error code", { ...events[4], error: { code: "oops", message: "" } }],
  ])("%s is refused", (_what, event) => {
    expect(parseEngineMessage({ type: "notification", method: "runEvent", params: event })).toBeNull();
  });

  test("answers pass by their method, refusals by their error", () => {
    const answer = { ok: true, value: { run_id: "r", home: "/h" } };
    expect(parseAnswer("startRun", answer)).toEqual(answer);
    expect(parseAnswer("readLog", answer)).toBeNull();
    const refusal = { ok: false, error: { code: "cycle", message: "no", at: { file: "/d.ts", line: 1, column: 1 } } };
    expect(parseAnswer("readLog", refusal)).toEqual(refusal);
    expect(parseAnswer("readLog", { ok: false, error: "no" })).toBeNull();
    expect(parseAnswer("cancelRun", { ok: true, value: false })).not.toBeNull();
    expect(parseAnswer("cancelRun", { ok: true, value: null })).toBeNull();
    const planned = { task_id: "add", counts: { failed: 1 }, first: [{ map_index: 2, state: "failed" }] };
    expect(parseAnswer("planAction", { ok: true, value: [planned] })).not.toBeNull();
    expect(parseAnswer("planAction", { ok: true, value: [{ ...planned, first: [{ map_index: -2 }] }] })).toBeNull();
    expect(parseAnswer("resumeRun", answer)).toBeNull();
  });

  test("requests are none of the engine's to send", () => {
    expect(parseEngineMessage({ type: "request", id: 1, method: "startRun", params: null })).toBeNull();
    expect(parseEngineMessage({ type: "notification", method: "other", params: null })).toBeNull();
    expect(parseEngineMessage(null)).toBeNull();
    expect(parseEngineMessage({ type: "failure", id: 1, message: "defect" })).not.toBeNull();
  });
});
