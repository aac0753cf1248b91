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

/** One task ends, the other never does; no signal ends their processes, nor do they leave when they are told to. */
export const stubborn = `import { writeFileSync } from "node:fs";
import { dag, task } from "fanout";

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});
process.on("exit", () => {
  for (;;);
});
const wait = task({ task_id: "wait" }, async ({ file }: { file: string }) => {
  writeFileSync(file, String(process.pid));
  await new Promise((resolve) => setTimeout(resolve, 1_000_000));
});
const quick = task({ task_id: "quick" }, ({ file }: { file: string }) => {
  writeFileSync(file, String(process.pid));
});

export default dag({ dag_id: "stubborn", schedule: null }, () => {
  wait({ file: "wait.pid" });
  quick({ file: "quick.pid" });
});
`;

/** 40 instances, of which 30 and 35 fail in the same place; another task has nothing to map over. */
export const many = `import { dag, task } from "fanout";

const list = task({ task_id: "list" }, () => Array.from({ length: 40 }, (_, index) => index));
const work = task({ task_id: "work", retries: 1, retry_delay: 0.001 }, ({ n }: { n: number }) => {
  console.log("trying", n);
  if (n === 30 || n === 35) throw new RangeError(\`not \${n}\`);
  return n;
});
const never = task({ task_id: "never" }, ({ n }: { n: number }) => n);

export default dag({ dag_id: "many", schedule: null }, () => {
  work.expand({ n: list() });
  never.expand({ n: [] });
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
