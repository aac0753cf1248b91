import type { DagTestResult } from "fanout/testing";
import { describe, expect, test } from "vitest";
import branching from "../../examples/concepts/branching_in_group.dag.js";
import cross_product from "../../examples/concepts/cross_product.dag.js";
import dict from "../../examples/concepts/dict.dag.js";
import expand_kwargs from "../../examples/concepts/expand_kwargs.dag.js";
import group from "../../examples/concepts/mapped_task_group.dag.js";
import mapped_into_mapped from "../../examples/concepts/mapped_into_mapped.dag.js";
import named_instances from "../../examples/concepts/named_instances.dag.js";
import upstream_operator from "../../examples/concepts/upstream_operator.dag.js";
import upstream_result from "../../examples/concepts/upstream_result.dag.js";
import zero_instances from "../../examples/concepts/zero_instances.dag.js";
import customer_models from "../../examples/customer_models.dag.js";
import hyperparameters from "../../examples/hyperparameters.dag.js";
import type { CustomerModel } from "../../examples/include/demand.js";
import type { TrainedModel } from "../../examples/include/training.js";

/** `12`, or of a task that is not mapped its state. */
const counts = ({ tasks }: DagTestResult): readonly (readonly [string, number | string])[] =>
  tasks.map(({ task_id, mapped, instances, state }) => [task_id, mapped ? instances.length : state]);

const statesOf = (result: DagTestResult, task_id: string): readonly string[] =>
  result.task(task_id).instances.map(({ state }) => state);

describe("each concept of the guide", () => {
  test("dict: an instance for each pair, in the order of the keys", async () => {
    const result = await dict.test();
    expect(result.task("convert").instances.map(({ rendered }) => rendered)).toEqual([
      { rate: ["USD", 0.92] },
      { rate: ["GBP", 1.17] },
      { rate: ["JPY", 0.0061] },
    ]);
    expect(result.xcom("price_list")).toBe("USD, GBP, JPY");
  });

  test.each([
    [{}, 3],
    [{ days: 5 }, 5],
    [{ days: 1 }, 1],
  ])("upstream_result: as many instances as %o gives files", async (params, files) => {
    const result = await upstream_result.test({ params });
    expect([result.state, result.task("load").instances.length]).toEqual(["success", files]);
    expect(result.log("load", files - 1)).toContain(`sales_0${files}.csv`);
  });

  test("upstream_operator: an operator over the output of another", async () => {
    const result = await upstream_operator.test();
    expect(result.xcom("count_rows")).toEqual([11_000, 12_000, 10_000]);
    expect(result.log("count_rows", 1)).toContain("count_rows[1]: shop.customers");
  });

  test("cross_product: the last input varies fastest", async () => {
    const forecasts = (await cross_product.test()).xcom("forecast") as string[];
    expect(forecasts).toHaveLength(12);
    expect(forecasts.slice(0, 5)).toEqual(["eu-Q1", "eu-Q2", "eu-Q3", "eu-Q4", "us-Q1"]);
  });

  test("expand_kwargs: each dict holds the inputs of one instance", async () => {
    const result = await expand_kwargs.test();
    expect(result.xcom("write")).toEqual(["backup/orders.parquet", "backup/customers.csv"]);
    expect(result.log("write", 0)).toContain("all rows");
    expect(result.log("write", 1)).toContain("at most 1000 rows");
  });

  test("mapped_into_mapped: one instance for each result", async () => {
    const result = await mapped_into_mapped.test();
    expect(counts(result)).toEqual([
      ["fetch_page", 3],
      ["clean", 3],
      ["total", "success"],
    ]);
    expect(result.xcom("total")).toBe(57);
  });

  test("zero_instances: skipped, and what follows goes by its rule", async () => {
    const result = await zero_instances.test();
    expect(result.tasks.map(({ task_id, state }) => [task_id, state])).toEqual([
      ["list_new_files", "success"],
      ["load", "skipped"],
      ["refresh", "skipped"],
      ["report", "success"],
    ]);
    expect(result.task("load").instances.map(({ map_index }) => map_index)).toEqual([-1]);
    expect(result.xcom("report")).toBe("0 files loaded");
  });

  test("zero_instances: with files everything runs", async () => {
    const result = await zero_instances.test({ xcoms: { list_new_files: ["a", "bb"] } });
    expect([result.xcom("refresh"), result.xcom("report")]).toEqual([2, "2 files loaded"]);
  });

  test("mapped_task_group: instance k of a task gets what instance k before it returned", async () => {
    const result = await group.test();
    expect(counts(result)).toEqual([
      ["list_files", "success"],
      ["ingest.extract", 3],
      ["ingest.publish", 3],
      ["summary", "success"],
    ]);
    expect(result.xcom("ingest.publish")).toEqual([1000, 900, 1300]);
    expect(result.xcom("summary")).toBe(3200);
  });

  test("branching_in_group: each instance goes its own way", async () => {
    const result = await branching.test();
    expect(statesOf(result, "handle.approve")).toEqual(["success", "skipped", "success"]);
    expect(statesOf(result, "handle.review")).toEqual(["skipped", "success", "skipped"]);
    expect(result.xcom("handle.ship")).toEqual(["1 approved", "2 reviewed", "3 approved"]);
  });

  test("named_instances: names instead of numbers", async () => {
    const result = await named_instances.test({ logical_date: new Date("2022-04-02") });
    expect(result.task("backup").instances.map(({ name }) => name)).toEqual([
      "shop on 2022-04-02",
      "billing on 2022-04-02",
      "archive on 2022-04-02",
    ]);
  });
});

describe("customer_models.dag.ts", () => {
  test("trains a model for every customer that there is", async () => {
    const result = await customer_models.test();
    const models = result.xcom("train") as CustomerModel[];
    expect(models).toHaveLength(14);
    for (const { weights, error } of models) {
      expect(weights).toHaveLength(4);
      expect(error).toBeGreaterThan(0);
      // Percentage points: whoever forgets to solve for the weights is off by far more.
      expect(error).toBeLessThan(5);
    }
    expect(models.filter(({ error, naive_error }) => error < naive_error).length).toBeGreaterThan(2);
  });

  test("follows customers who come and go", async () => {
    const result = await customer_models.test({ params: { customers: ["Finance", "Construction", "nobody"] } });
    const models = result.xcom("train") as CustomerModel[];
    expect(models.map(({ customer }) => customer)).toEqual(["Construction", "Finance"]);
  });
});

test("hyperparameters.dag.ts tries what it is given, and chooses the best", async () => {
  const space = { model_type: "decision_tree", trees: [1], max_features: [1, 2] };
  const result = await hyperparameters.test({ xcoms: { read_search_space: space } });
  const models = result.xcom("fit") as TrainedModel[];
  expect(models.map(({ candidates }) => candidates)).toEqual([1, 1]);
  const best = Math.max(...models.map(({ cv_accuracy }) => cv_accuracy));
  expect(best).toBeGreaterThan(0.6);
  expect(result.xcom("choose")).toEqual(models.find(({ cv_accuracy }) => cv_accuracy === best)?.best_params);
});
