import { type DagModel, MODEL_VERSION, type TaskNode } from "#core/model/dag.js";
import { describe, expect, it } from "vitest";
import type { InstanceState } from "#core/model/run.js";
import {
  type InstanceProgress,
  type InstanceRow,
  NOTHING_MORE,
  type RunRow,
  type RunStore,
  tryOfRow,
} from "../../runtime/src/store/runStore.js";

const model: DagModel = {
  ...{ modelVersion: MODEL_VERSION, origin: "executed", dag_id: "d", schedule: null },
  ...{ tags: [], groups: [], edges: [], unresolved: [] },
  tasks: ["one", "mapped", "last"].map((task_id): TaskNode => ({
    ...{ task_id, operator: "task", group_id: null, trigger_rule: "all_success", certainty: "exact" },
    mapping: task_id === "mapped" ? { kind: "expand", inputs: [] } : null,
  })),
};

const interval = { data_interval_start: 1_000, data_interval_end: 2_000, run_type: "manual" } as const;

export const run: RunRow = {
  ...{
    run_id: "r",
    dag_id: "d",
    file: "/x/dag.ts",
    logical_date: 1_000,
    ...interval,
    params: { a: "ü" },
    conf: {},
    node: "v20.0.0",
    model,
  },
  ...{ state: "running", start: 1_795_000_000_123, end: null, error: null },
  part: [{ task_id: "mapped", map_index: 1 }],
};

export function row(task: number, map_index: number, more: Partial<InstanceRow> = {}): InstanceRow {
  return {
    ...{ task, map_index, name: null, state: "success", try_number: 1, start: 1_795_000_000_123, duration_ms: 0.125 },
    ...{
      inputs: '{"x":"ä€😀\\u0000"}',
      xcom: `{"i":${map_index}}`,
      log: { segment: 1, from: 10, to: 20 },
      error: null,
      more: null,
    },
    ...more,
  };
}

/** What every store must do; `make` gives a fresh one. */
export function describeRunStore(name: string, make: () => RunStore): void {
  const begun = (): RunStore => {
    const store = make();
    store.begin(run);
    return store;
  };

  describe(`${name} keeps a run`, () => {
    it("and what its instances push, by key and index, as long as the try goes on and the instance is there", () => {
      const store = begun();
      store.putInstance(row(1, 0));
      store.putInstance(row(1, 2));
      store.putXcom(1, 2, "k", '"late"');
      store.putXcom(1, 0, "k", '"early"');
      store.putXcom(1, 0, "k", '"again"');
      store.putXcom(1, 0, "a", "1");
      store.putXcom(0, -1, "k", "null");
      const again = { map_index: 0, json: '"again"' };
      expect(store.xcomRows(1, "k", 0, 9, 100)).toEqual([again, { map_index: 2, json: '"late"' }]);
      expect(store.xcomRows(1, "k", 1, 1, 100)).toEqual([]);
      expect(store.xcomRows(1, "k", 0, 9, 1)).toEqual([again]);
      expect(store.xcomRows(0, "k", -1, -1, 100)).toEqual([{ map_index: -1, json: "null" }]);
      expect(store.xcomRows(1, "return_value", 1, 9, 100)).toEqual([{ map_index: 2, json: '{"i":2}' }]);
      expect(store.pushedKeys(1, 0)).toEqual(["a", "k"]);
      store.putInstance(row(1, 2, { state: "removed" }));
      expect(store.xcomRows(1, "k", 0, 9, 100)).toEqual([again]);
      expect(store.pushedKeys(1, 2)).toEqual(["k"]);
      store.clearXcoms(1, 0);
      expect([store.pushedKeys(1, 0), store.pushedKeys(1, 2)]).toEqual([[], ["k"]]);
      store.close();
    });

    it("as it began and as it ended", () => {
      const store = begun();
      expect(store.run()).toEqual(run);
      const error = { code: "cancelled", message: "stop", at: { file: "/x", line: 1, column: 2 } } as const;
      store.setRunState("failed", 2_000, error);
      expect(store.run()).toEqual({ ...run, state: "failed", end: 2_000, error });
      store.close();
    });

    it("with the counts and inputs of its tasks", () => {
      const store = begun();
      expect(store.tasks().map(({ count }) => count)).toEqual([1, null, 1]);
      store.setCount(1, 100_000);
      store.setInputs(0, '{"y":1}');
      expect(store.tasks()[1]).toEqual({ task: 1, count: 100_000, inputs: null });
      expect(store.tasks()[0]).toEqual({ task: 0, count: 1, inputs: '{"y":1}' });
      store.close();
    });

    it("with many instances that ended without having run, at once", () => {
      const store = begun();
      store.putInstance(row(1, 1, { state: "running" }));
      store.settleInstances(1, 1, 3, "skipped");
      store.settleInstances(0, -1, 1, "upstream_failed");
      const unrun = { try_number: 0, start: null, duration_ms: null, inputs: null, xcom: null, log: null };
      const skipped = [1, 2, 3].map((map_index) => row(1, map_index, { ...unrun, state: "skipped" }));
      expect(store.instances(1)).toEqual(skipped);
      expect(store.instances(0)).toEqual([row(0, -1, { ...unrun, state: "upstream_failed" })]);
      const error = { code: "fail-fast", message: "m" } as const;
      store.settleInstances(2, 0, 5000, "skipped", error);
      expect(store.instances(2)).toHaveLength(5000);
      expect(store.instance(2, 4999)).toEqual(row(2, 4999, { ...unrun, state: "skipped", error }));
      store.putInstance(row(2, 1, { state: "failed", error: { code: "task-failed", message: "m" } }));
      expect([store.errorCodes(2, "skipped").size, store.errorCodes(2, "skipped").get(4999)]).toEqual([
        4999,
        "fail-fast",
      ]);
      expect([...store.errorCodes(2, "failed"), ...store.errorCodes(1, "skipped")]).toEqual([[1, "task-failed"]]);
      store.close();
    });

    it("with its instances in order, the last thing that was said of each", () => {
      const store = begun();
      const error = { code: "task-failed", message: "m" } as const;
      store.putInstance(row(1, 2));
      store.putInstance(
        row(1, 0, { state: "running", duration_ms: null, xcom: null, log: { segment: 0, from: 0, to: null } }),
      );
      store.putInstance(row(0, -1));
      store.putInstance(
        row(2, -1, { state: "skipped", start: null, duration_ms: null, inputs: null, xcom: null, log: null }),
      );
      store.putInstance(row(1, 0, { state: "failed", error, xcom: null }));
      store.commit();
      expect(store.instances(1)).toEqual([row(1, 0, { state: "failed", error, xcom: null }), row(1, 2)]);
      expect(store.instances(0)).toEqual([row(0, -1)]);
      expect(store.instance(1, 1)).toBeNull();
      expect(store.instance(2, -1)).toMatchObject({ state: "skipped", start: null, log: null });
      store.close();
    });

    it("and tells how its instances stand without their values, and which have a result", () => {
      const store = begun();
      const error = { code: "cancelled", message: "m" } as const;
      store.putInstance(row(1, 0));
      store.putInstance(row(1, 1, { state: "failed", error, xcom: null, more: { ...NOTHING_MORE, base_try: 1 } }));
      store.putInstance(row(1, 2, { state: "up_for_retry", error, xcom: null }));
      store.putInstance(row(1, 3, { state: "failed", xcom: null }));
      const progress = (
        map_index: number,
        state: InstanceState,
        more: Partial<InstanceProgress>,
      ): InstanceProgress => ({
        ...{ task: 1, map_index, name: null, state, try_number: 1, start: 1_795_000_000_123, duration_ms: 0.125 },
        ...{ hasResult: false, more: NOTHING_MORE, ...more },
      });
      expect(store.progress(1)).toEqual([
        progress(0, "success", { hasResult: true }),
        progress(1, "failed", { more: { ...NOTHING_MORE, base_try: 1 } }),
        progress(2, "up_for_retry", {}),
        progress(3, "failed", {}),
      ]);
      store.close();
    });

    it("with the tries before the last", () => {
      const store = begun();
      const tried = tryOfRow(row(1, 5, { state: "failed", error: { code: "task-failed", message: "1" } }));
      store.putTry({ ...tried, try_number: 2 });
      store.putTry({ ...tried, log: null });
      store.putTry(tried);
      store.putTry({ ...tried, map_index: 6 });
      expect(store.tries(1, 5)).toEqual([tried, { ...tried, try_number: 2 }]);
      store.close();
    });

    it("and gives the first results with how many there are, leaving out what has none and what was removed", () => {
      const store = begun();
      for (let index = 0; index < 10; index++) store.putInstance(row(1, index, index % 2 ? { xcom: null } : {}));
      store.putInstance(row(1, 2, { state: "removed" }));
      expect(store.firstResults(1, 2)).toEqual({ texts: ['{"i":0}', '{"i":4}'], count: 4 });
      expect(store.firstResults(2, 2)).toEqual({ texts: [], count: 0 });
      store.close();
    });

    it("and finds results by range, leaving out what has none and what was removed, long ones one at a time", () => {
      const store = begun();
      for (let index = 0; index < 10; index++) store.putInstance(row(1, index, index % 2 ? { xcom: null } : {}));
      store.putInstance(row(1, 10, { state: "removed" }));
      expect(store.xcoms(1, 8, 10, 1e6)).toEqual(['{"i":8}']);
      expect(store.xcomRows(1, "return_value", 10, 10, 1e6)).toEqual([]);
      expect(store.xcoms(1, 2, 7, 1e6)).toEqual(['{"i":2}', '{"i":4}', '{"i":6}']);
      expect(store.xcoms(1, 0, 9, 15)).toEqual(['{"i":0}', '{"i":2}']);
      expect(store.xcoms(1, 0, 9, 1)).toEqual(['{"i":0}']);
      expect(store.xcoms(2, -1, -1, 1)).toEqual([]);
      // A range that was left early must not hold up what is written next.
      store.putInstance(row(1, 1));
      store.commit();
      expect(store.xcoms(1, 0, 1, 1e6)).toHaveLength(2);
      store.close();
    });
  });
}
