import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstanceDetails, RunDetails } from "#core/model/run.js";
import branching from "../../examples/branching.dag.js";
import filterByNull from "../../examples/filter_by_null.dag.js";
import { gridConfigs } from "../../examples/include/gridConfigs.js";
import { cleaned, featuresOf, readPenguins } from "../../examples/include/penguins.js";
import { gridSearch, type TrainedModel } from "../../examples/include/training.js";
import { root, runCli } from "../cli/support/cliProcess.js";

/** The examples where they lie, with history and output elsewhere: nothing is left in the checkout. */
const temp = mkdtempSync(path.join(tmpdir(), "fanout-examples-"));
afterAll(() => {
  rmSync(temp, { recursive: true, force: true });
});

async function fanout(home: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCli(args, root, { FANOUT_HOME: path.join(temp, home) });
  expect([code, stderr]).toEqual([0, ""]);
  return stdout;
}

async function jsonOf(home: string, ...args: string[]): Promise<unknown> {
  return JSON.parse(await fanout(home, ...args, "--format", "json"));
}

test("no rule has anything to say about them", async () => {
  expect(await jsonOf("check", "check", "examples")).toEqual([]);
});

describe("adder.dag.ts", () => {
  let printed: string;
  beforeAll(async () => {
    printed = await fanout("adder", "run", "examples/adder.dag.ts", "--logs");
  });

  test("adds in three instances and reduces in their order", async () => {
    const run = (await jsonOf("adder", "show", "latest")) as RunDetails;
    const [add, total] = run.tasks;
    expect(run.state).toBe("success");
    expect(add).toMatchObject({ task_id: "add", mapped: true, count: 3, counts: { success: 3 } });
    expect(add?.instances.map((instance) => instance.map_index)).toEqual([0, 1, 2]);
    expect(total).toMatchObject({ task_id: "total", mapped: false, state: "success" });
    expect(await jsonOf("adder", "xcom", "latest", "add")).toEqual([11, 12, 13]);
    expect(await jsonOf("adder", "xcom", "latest", "total")).toBe(36);
  });

  test("prints every instance's own log", () => {
    for (const line of ["add[0] │ 1 + 10 = 11", "add[1] │ 2 + 10 = 12", "add[2] │ 3 + 10 = 13"]) {
      expect(printed).toContain(line);
    }
  });
});

describe("filter_by_null.dag.ts", () => {
  test("runs an instance for each file that was not dropped", async () => {
    const result = await filterByNull.test();
    const counts = result.tasks.filter(({ mapped }) => mapped).map((one) => [one.task_id, one.instances.length]);
    expect(counts).toEqual([
      ["only_csv", 4],
      ["load", 3],
    ]);
    expect(result.xcom("load")).toEqual([120, 45, 80]);
    expect(result.xcom("report")).toEqual({ files: 3, rows: 245 });
  });
});

describe("branching.dag.ts", () => {
  test.each([
    [4, "DE: 165, FR: 80, JP: 300", ["short_report"]],
    [2, "2 orders", ["full_report.countries", "full_report.line", "full_report.join_lines"]],
  ])("of %i orders goes one way and joins behind it", async (orders, report, skipped) => {
    const result = await branching.test({ params: { orders } });
    expect(result.tasks.flatMap(({ task_id, state }) => (state === "skipped" ? [task_id] : []))).toEqual(skipped);
    expect(result.xcom("publish")).toBe(report);
  });

  test("of no orders stops", async () => {
    const { state, tasks } = await branching.test({ params: { orders: 0 } });
    expect(state).toBe("success");
    expect(tasks.filter((one) => one.state === "success").map(({ task_id }) => task_id)).toEqual([
      ...["read_orders", "has_orders"],
    ]);
  });
});

describe("ml_pipeline.dag.ts", () => {
  const output = path.join(temp, "output");
  let printed: string;
  let models: TrainedModel[];
  beforeAll(async () => {
    const params = JSON.stringify({ output_dir: output });
    printed = await fanout("ml", "run", "examples/ml_pipeline.dag.ts", "--logs", "--params", params);
    models = (await jsonOf("ml", "xcom", "latest", "train")) as TrainedModel[];
  });

  test("trains one instance for each model of the list, in its order", async () => {
    const run = (await jsonOf("ml", "show", "latest")) as RunDetails;
    expect(run.tasks.map((task) => task.task_id)).toEqual([
      ...["load_data", "preprocessing", "feature_engineering", "get_models", "train", "pick_best", "publish_metrics"],
    ]);
    const train = run.tasks.find((task) => task.task_id === "train");
    expect(train?.instances.map((instance) => instance.map_index)).toEqual(gridConfigs.map((_, index) => index));
    expect(models.map((model) => model.model_type)).toEqual(gridConfigs.map((config) => config.model_type));
  });

  test("gives each instance its own model and grid beside the features of all", async () => {
    const instance = (await jsonOf("ml", "show", "latest", "train", "--map-index", "1")) as InstanceDetails;
    expect(instance.rendered).toMatchObject({ ...gridConfigs[1] });
    expect(Object.keys(instance.rendered ?? {}).sort()).toEqual(["features", "grid_params", "model_type"]);
  });

  test("tries the whole grid, and learns more than guessing", () => {
    for (const [index, model] of models.entries()) {
      const grid = Object.values(gridConfigs[index]?.grid_params ?? {});
      expect(model.candidates).toBe(grid.reduce((product, values) => product * values.length, 1));
      expect(Object.keys(model.best_params)).toEqual(Object.keys(gridConfigs[index]?.grid_params ?? {}));
      for (const share of [model.cv_accuracy, model.test_accuracy]) expect(share).toBeGreaterThan(0.65);
      expect(model.cv_accuracy).toBeLessThan(1);
    }
  });

  test("publishes the metrics of the best model as a file", async () => {
    const best = Math.max(...models.map((model) => model.cv_accuracy));
    const file = (await jsonOf("ml", "xcom", "latest", "publish_metrics")) as string;
    expect(file).toBe(path.join(output, "metrics.json"));
    const metrics = JSON.parse(readFileSync(file, "utf8")) as TrainedModel;
    expect(metrics.cv_accuracy).toBe(best);
    expect(metrics).toEqual(await jsonOf("ml", "xcom", "latest", "pick_best"));
  });

  test("prints what every instance tried", () => {
    for (const [index, { model_type }] of gridConfigs.entries())
      expect(printed).toContain(`train[${index}] │ ${model_type}`);
  });

  test("trains the same models in every process and every run", () => {
    const features = featuresOf(cleaned(readPenguins()));
    for (const [index, config] of gridConfigs.entries()) {
      if (config.model_type !== "knn" && config.model_type !== "naive_bayes") continue;
      const again = gridSearch({ ...config, features, folds: 5, seed: 20220402, log: () => undefined });
      expect(models[index]).toEqual(again);
    }
  });
});
