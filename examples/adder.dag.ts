/**
 * Dynamic task mapping in its smallest form: one task, three instances, one sum.
 *
 *   fanout run examples/adder.dag.ts --logs
 */
import { dag, task } from "fanout";

// A task is a function of named inputs. What it prints is the log of the instance that printed it.
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => {
  console.log(`${x} + ${y} = ${x + y}`);
  return x + y;
});

// Reduce: what all instances of a mapped task returned, in their order.
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => {
  console.log(`adding up ${values.length} values: ${values.join(", ")}`);
  return values.reduce((sum, value) => sum + value, 0);
});

export default dag({ dag_id: "adder", schedule: null, tags: ["example"] }, () => {
  // 'y' is the same for every instance, 'x' is mapped over: add[0], add[1] and add[2] run side by side.
  const added = add.partial({ y: 10 }).expand({ x: [1, 2, 3] });

  total({ values: added });
});
