/**
 * A report that is written in one of two ways, or not at all. `has_orders` stops everything where there is nothing to
 * report, `choose_report` names the way to go (a whole group by its id), and `publish` joins both ways again: its
 * trigger rule lets it run behind the one that was skipped.
 *
 *     fanout run examples/branching.dag.ts
 *     fanout run examples/branching.dag.ts --params '{"orders": 2}'
 *     fanout run examples/branching.dag.ts --params '{"orders": 0}'
 */
import { chain, dag, task, task_group, type Context, type XComArg } from "fanout";

interface Order {
  country: string;
  amount: number;
}

const ORDERS: readonly Order[] = [
  { country: "DE", amount: 120 },
  { country: "FR", amount: 80 },
  { country: "DE", amount: 45 },
  { country: "JP", amount: 300 },
];

const read_orders = task({ task_id: "read_orders" }, (_: object, { params }: Context) => {
  const { orders = ORDERS.length } = params as { orders?: number };
  return ORDERS.slice(0, orders);
});

const has_orders = task.short_circuit(
  { task_id: "has_orders" },
  ({ orders }: { orders: readonly Order[] }) => orders.length > 0,
);

const choose_report = task.branch({ task_id: "choose_report" }, ({ orders }: { orders: readonly Order[] }) =>
  orders.length > 2 ? "full_report" : "short_report",
);

const short_report = task(
  { task_id: "short_report" },
  ({ orders }: { orders: readonly Order[] }) => `${orders.length} orders`,
);

const countries = task({ task_id: "countries" }, ({ orders }: { orders: readonly Order[] }) => [
  ...new Set(orders.map(({ country }) => country)),
]);

const line = task({ task_id: "line" }, ({ country, orders }: { country: string; orders: readonly Order[] }) => {
  const own = orders.filter((order) => order.country === country);
  return `${country}: ${own.reduce((sum, { amount }) => sum + amount, 0)}`;
});

const join_lines = task({ task_id: "join_lines" }, ({ lines }: { lines: readonly string[] }) => lines.join(", "));

const full_report = task_group({ group_id: "full_report" }, ({ orders }: { orders: XComArg<Order[]> }) => {
  const first = countries({ orders });
  const lines = line.partial({ orders }).expand({ country: first });
  return { first, report: join_lines({ lines }) };
});

const publish = task(
  { task_id: "publish", trigger_rule: "none_failed_min_one_success" },
  ({ reports }: { reports: readonly (string | null)[] }) => {
    const report = reports.find((text) => text !== null) ?? "";
    console.log(report);
    return report;
  },
);

export default dag({ dag_id: "branching", schedule: null }, () => {
  const orders = read_orders();
  const chosen = choose_report({ orders });
  const short = short_report({ orders });
  const full = full_report({ orders });
  chain(has_orders({ orders }), chosen, [short, full.first]);
  publish({ reports: [full.report, short] });
});
