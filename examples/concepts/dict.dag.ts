/**
 * Mapping over a dict: each instance receives one `[key, value]` pair, in the order in which the keys were written.
 *
 *   fanout run examples/concepts/dict.dag.ts --logs
 */
import { dag, task } from "fanout";

const convert = task({ task_id: "convert" }, ({ rate: [currency, euros] }: { rate: [string, number] }) => {
  console.log(`1 ${currency} = ${euros} EUR`);
  return { currency, hundred: 100 * euros };
});

const price_list = task({ task_id: "price_list" }, ({ prices }: { prices: readonly { currency: string }[] }) =>
  prices.map(({ currency }) => currency).join(", "),
);

export default dag({ dag_id: "dict", schedule: null, tags: ["example", "concept"] }, () => {
  price_list({ prices: convert.expand({ rate: { USD: 0.92, GBP: 1.17, JPY: 0.0061 } }) });
});
