/** DAG files that the tests of the command line run. */

export const adder = `import { dag, task } from "fanout";

const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => {
  console.log(\`\${x} + \${y} = \${x + y}\`);
  return x + y;
});
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) =>
  values.reduce((sum, value) => sum + value, 0),
);

export default dag({ dag_id: "adder", schedule: null }, () => {
  const values = add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
  total({ values });
});
`;

/** Instance 1 fails in line 4, column 22. */
export const failing = `import { dag, task } from "fanout";

const check = task({ task_id: "check" }, ({ x }: { x: number }) => {
  if (x === 2) throw new Error("two is not allowed");
  console.log("fine", x);
  return x;
});
const after = task({ task_id: "after" }, ({ values }: { values: readonly number[] }) => values.length);

export default dag({ dag_id: "failing", schedule: null }, () => {
  after({ values: check.expand({ x: [1, 2, 3] }) });
});
`;

/** Every instance waits until it is ended. */
export const endless = `import { dag, task } from "fanout";

const wait = task({ task_id: "wait" }, async ({ x }: { x: number }) => {
  console.log("waiting", x);
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
});

export default dag({ dag_id: "endless", schedule: null }, () => {
  wait.expand({ x: [1, 2, 3] });
});
`;

/** A file around one DAG body, whose first line is line 4. */
export function dagFile(body: string): string {
  return `import { dag, task } from "fanout";
const one = task({ task_id: "one" }, ({ x }: { x?: unknown }) => x);
export default dag({ dag_id: "some", schedule: null }, () => {
${body}
});
`;
}
