import { describe, expect, it } from "vitest";
import type { InstanceSummary, RunDetails, TaskSummary } from "#core/model/run.js";
import { firstInstances, instanceItems, withTyped } from "../../client/src/runs/instanceItems.js";

function instance(map_index: number, name: string | null): InstanceSummary {
  return { map_index, name, state: "success", try_number: 1, start: null, end: null, duration_ms: 5 };
}

const known = [instance(0, "small svm"), instance(1, "big svm"), instance(2, null)];
const choicesOf = (items: ReturnType<typeof instanceItems>) => items.map(({ choice }) => choice);

describe("the choice of an instance", () => {
  it("lists those of a run, and all of them only where that can be meant", () => {
    expect(choicesOf(instanceItems({ known, all: false }))).toEqual([0, 1, 2]);
    expect(choicesOf(instanceItems({ known, all: true }))).toEqual([null, 0, 1, 2]);
  });

  it("takes any other index or name that is typed", () => {
    const listed = instanceItems({ known, all: false });
    expect(withTyped(listed, "17")[0]).toMatchObject({ choice: 17, alwaysShow: true });
    expect(withTyped(listed, "svm")[0]).toMatchObject({ choice: "svm", alwaysShow: true });
  });

  it("offers nothing twice where an index or a name is one of the listed", () => {
    const listed = instanceItems({ known, all: false });
    for (const text of ["", "2", "big svm"]) expect(withTyped(listed, text)).toBe(listed);
  });

  it("stays short for a task of 100,000", () => {
    const many = Array.from({ length: 100_000 }, (_, index) => instance(index, null));
    expect(instanceItems({ known: many, all: false }).length).toBeLessThan(2000);
  });
});

describe("the run whose instances are listed", () => {
  const run = (...tasks: Partial<TaskSummary>[]): RunDetails => ({ tasks }) as unknown as RunDetails;

  it("is the newest in which the task has any", async () => {
    const read: string[] = [];
    async function* runs(): AsyncGenerator<RunDetails> {
      for (const [name, details] of [
        ["not expanded", run({ task_id: "train", instances: [instance(-1, null)] })],
        ["another task only", run({ task_id: "load", instances: [instance(0, null)] })],
        ["has some", run({ task_id: "train", instances: known })],
        ["is older", run({ task_id: "train", instances: [instance(0, "old")] })],
      ] as const) {
        read.push(name);
        yield await Promise.resolve(details);
      }
    }
    expect(await firstInstances(runs(), "train")).toEqual(known);
    expect(read).not.toContain("is older");
  });
});
