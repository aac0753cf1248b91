/**
 * One model for each customer, where customers come and go: the list is read anew in every run, so nobody edits the DAG
 * for a new customer, and the history of those who left stays.
 *
 *   fanout run examples/customer_models.dag.ts --logs
 *   fanout run examples/customer_models.dag.ts --params '{"customers": ["Finance", "Construction"]}'
 */
import { dag, task } from "fanout";
import { readDemand, trainForecast, type CustomerModel, type Demand } from "./include/demand.js";

const get_customers = task({ task_id: "get_customers" }, (_inputs: object, { params }) => {
  const wanted = Array.isArray(params["customers"]) ? params["customers"] : null;
  const customers = readDemand().filter(({ customer }) => wanted?.includes(customer) ?? true);
  console.log(`${customers.length} customers today`);
  return customers;
});

const train = task({ task_id: "train" }, ({ demand }: { demand: Demand }) => {
  const model = trainForecast(demand);
  console.log(`${model.customer}: ±${model.error} points, "as last month" would be ±${model.naive_error}`);
  return model;
});

const compare = task({ task_id: "compare" }, ({ models }: { models: readonly CustomerModel[] }) => {
  const better = models.filter((model) => model.error < model.naive_error).map((model) => model.customer);
  console.log(`better than "as last month" for ${better.length} of ${models.length} customers: ${better.join(", ")}`);
  return { customers: models.length, better };
});

export default dag({ dag_id: "customer_models", schedule: null, tags: ["example", "machine learning"] }, () => {
  compare({ models: train.expand({ demand: get_customers() }) });
});
