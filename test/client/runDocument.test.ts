import { describe, expect, it } from "vitest";
import { addressOf, detailsText, emptyLogText, logText, parseAddress } from "../../client/src/runs/runDocument.js";
import type { RunDocument } from "../../client/src/runs/runDocument.js";

function document(task_id: string, map_index: number): RunDocument {
  return { kind: "log", address: { home: "/dags/.fanout", run_id: "2026-01-01T00:00:00Z", task_id, map_index } };
}

describe("the address of a run's document", () => {
  it.each([document("train", 2), document("load", -1), document("../../etc/passwd", 0), document('a "b"?#%', 0)])(
    "comes back as it was",
    (original) => {
      expect(parseAddress(addressOf(original).query)).toEqual(original);
    },
  );

  it("names the try that wrote it, where it is not the newest", () => {
    const { kind, address } = document("train", 2);
    const first = { kind, address: { ...address, try_number: 1 } };
    expect(parseAddress(addressOf(first).query)).toEqual(first);
    expect(addressOf(first).path).toBe("/2026-01-01T00:00:00Z/train [2] try 1.log");
  });

  it("is named after the instance and cannot leave its run", () => {
    expect(addressOf(document("train", 2)).path).toBe("/2026-01-01T00:00:00Z/train [2].log");
    expect(addressOf(document("../../etc/passwd", -1)).path.split("/")).toHaveLength(3);
  });

  it.each(["", "{", "[]", "{}", '{"kind":"source","home":"/","run_id":"r","task_id":"t","map_index":0}'])(
    "is refused where it is not one: %s",
    (query) => {
      expect(parseAddress(query)).toBeNull();
    },
  );
});

describe("the text of a document", () => {
  const details = {
    map_index: 0,
    name: null,
    state: "success",
    try_number: 1,
    start: null,
    end: null,
    duration_ms: null,
    run_id: "r",
    task_id: "t",
    xcom_keys: [],
    tries: [],
    error: null,
  } as const;

  it("is JSON for inputs and results, also where there are none", () => {
    expect(JSON.parse(detailsText("rendered", { ...details, rendered: null, xcom: null }))).toBeNull();
    expect(JSON.parse(detailsText("xcom", { ...details, rendered: {}, xcom: { best: ["</script>"] } }))).toEqual({
      best: ["</script>"],
    });
  });

  it("is no JSON where there is no result yet: null would be one", () => {
    const running = { ...details, state: "running", rendered: { x: 1 }, xcom: null } as const;
    expect(() => JSON.parse(detailsText("xcom", running)) as unknown).toThrow(SyntaxError);
    expect(JSON.parse(detailsText("rendered", running))).toEqual({ x: 1 });
    expect(JSON.parse(detailsText("xcom", { ...running, state: "success" }))).toBeNull();
  });

  it("is without colour codes for logs", () => {
    expect(logText("\u001b[1;32mdone\u001b[0m [3]\u001b]0;title\u0007!")).toBe("done [3]!");
  });

  it("tells the error where an instance failed without a word", () => {
    const error = { code: "task-failed", message: "no", stack: "Error: no\n  at x.ts:1" } as const;
    const ran = { ...details, start: "2026-01-01T00:00:00Z" };
    expect(emptyLogText(error, ran)).toContain("x.ts:1");
  });

  it("tells of an instance that never ran how it stands, and not that it wrote nothing", () => {
    const ran = emptyLogText(null, { ...details, start: "2026-01-01T00:00:00Z" });
    const states = ["upstream_failed", "skipped", "none"] as const;
    const texts = states.map((state) => emptyLogText(null, { ...details, state, try_number: 0 }));
    expect(new Set([ran, ...texts]).size).toBe(4);
    expect(texts[0]).toContain("upstream failed");
    // An earlier try did run.
    expect(emptyLogText(null, { ...details, state: "none", try_number: 1 }, 1)).toBe(ran);
  });
});
