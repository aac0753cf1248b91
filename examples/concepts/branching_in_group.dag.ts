/**
 * A branch in a mapped task group decides for its own instance: small orders are approved at once, large ones are looked
 * at, and each goes on behind its own way.
 *
 *   fanout run examples/concepts/branching_in_group.dag.ts --logs
 */
import { chain, dag, task, task_group, type XComArg } from "fanout";

interface Order {
  id: number;
  amount: number;
}

const list_orders = task({ task_id: "list_orders" }, (): Order[] => [
  { id: 1, amount: 40 },
  { id: 2, amount: 900 },
  { id: 3, amount: 75 },
]);

// Ids of tasks in a group begin with the group's.
const by_amount = task.branch({ task_id: "by_amount" }, ({ order }: { order: Order }) =>
  order.amount > 500 ? "handle.review" : "handle.approve",
);

const approve = task({ task_id: "approve" }, ({ order }: { order: Order }) => {
  console.log(`order ${order.id} is fine`);
  return `${order.id} approved`;
});

const review = task({ task_id: "review" }, ({ order }: { order: Order }) => {
  console.log(`order ${order.id} of ${order.amount} is looked at`);
  return `${order.id} reviewed`;
});

const ship = task(
  { task_id: "ship", trigger_rule: "none_failed_min_one_success" },
  ({ approved, reviewed }: { approved: string | null; reviewed: string | null }) => approved ?? reviewed,
);

const handle = task_group({ group_id: "handle" }, ({ order }: { order: XComArg<Order> }) => {
  const approved = approve({ order });
  const reviewed = review({ order });
  chain(by_amount({ order }), [approved, reviewed]);
  return ship({ approved, reviewed });
});

export default dag({ dag_id: "branching_in_group", schedule: null, tags: ["example", "concept"] }, () => {
  handle.expand({ order: list_orders() });
});
