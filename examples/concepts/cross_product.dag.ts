/**
 * Mapping over several inputs: one instance for each combination, the input that is written last varies fastest.
 *
 *   fanout run examples/concepts/cross_product.dag.ts --logs
 */
import { dag, task } from "fanout";

const regions = task({ task_id: "regions" }, () => ["eu", "us", "asia"]);

const forecast = task({ task_id: "forecast" }, ({ region, quarter }: { region: string; quarter: number }) => {
  console.log(`forecast of ${region} for quarter ${quarter}`);
  return `${region}-Q${quarter}`;
});

export default dag({ dag_id: "cross_product", schedule: null, tags: ["example", "concept"] }, () => {
  // 3 × 4 = 12 instances: eu-Q1, eu-Q2, eu-Q3, eu-Q4, us-Q1 …
  forecast.expand({ region: regions(), quarter: [1, 2, 3, 4] });
});
