import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ASKED_COMPILERS, COMPILERS, type Compiler, Consumer } from "./consumer.js";

const FILE = `
import {
  BashOperator, BaseOperator, EmptyOperator, chain, dag, setup, task, task_group, teardown, type Context, type XComArg,
} from "fanout";

class Load extends BaseOperator<{ sql: string }, number> {
  static override readonly template_fields = ["sql"] as const;
  execute(context: Context): number {
    return this.args.sql.length + context.ti.map_index;
  }
}
const add = task({ task_id: "add", retries: 1, retry_delay: "5m" }, ({ x, y }: { x: number; y: number }) => x + y);
const total = task(function total({ values }: { values: readonly number[] }) {
  return values.length;
});
const sums = task_group({ group_id: "sums" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => add({ x, y }));
const create = setup(function create() { return 1; });
const remove = teardown({ task_id: "remove" }, ({ id }: { id: number }) => id);
export const adder = dag({ dag_id: "adder", schedule: "@daily", start_date: new Date(0) }, () => {
  const added: XComArg<number[]> = add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
  const load = new Load({ task_id: "load", sql: "select 1" });
  const shell = new BashOperator({ task_id: "shell", bash_command: "true" });
  chain(total({ values: added }), [load, shell], new EmptyOperator({ task_id: "end" }));
  const summed: XComArg<number[]> = sums.partial({ y: 1 }).expand({ x: [1, 2] });
  const id = create();
  chain(id, total({ values: summed }), remove({ id }).as_teardown({ setups: [id, load] }));
  total({ values: Load.partial({ task_id: "loads" }).expand({ sql: ["a", "b"] }).output });
});
`;

const WRONG = `${FILE}
export const wrong: string = adder;
`;

const HELPER = `
import { BaseOperator, task, task_group, type XComArg } from "fanout";
export const numbers = task({ task_id: "numbers" }, () => [1, 2, 3]);
export const doubled = task_group({ group_id: "doubled" }, ({ x }: { x: XComArg<number> }) =>
  task({ task_id: "double" }, ({ n }: { n: number }) => 2 * n)({ n: x }),
);
export class Helper extends BaseOperator<{ sql: string }, number[]> {
  execute() {
    return [1];
  }
}
`;

/** Uses what a file of the other module system made, rightly and, marked, wrongly. */
const MIXED = `
import { chain, task } from "fanout";
import { Helper, doubled, numbers } from "./helper.cjs";
const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
const helper = new Helper({ task_id: "helper", sql: "s" });
chain(numbers(), helper, add.expand({ x: numbers() }));
total({ values: numbers() });
total({ values: helper.output });
total({ values: doubled.expand({ x: numbers() }) });
add({ x: 1 }).as_teardown({ setups: [helper, numbers()] });
add.expand({ x: helper });
total({ values: helper }); // wrong
`;

/** How projects find and load packages; node10 ends with TypeScript 6, which deprecates it. */
const KINDS: Record<
  string,
  { readonly options: object; readonly type: string; readonly compilers: readonly Compiler[] }
> = {
  "node16, ESM": { options: { module: "node16", moduleResolution: "node16" }, type: "module", compilers: all() },
  "node16, CommonJS": { options: { module: "node16", moduleResolution: "node16" }, type: "commonjs", compilers: all() },
  nodenext: {
    options: { module: "nodenext", moduleResolution: "nodenext" },
    type: "module",
    compilers: ["6.0", "7.0"],
  },
  bundler: { options: { module: "esnext", moduleResolution: "bundler" }, type: "module", compilers: all() },
  node10: {
    options: { module: "commonjs", moduleResolution: "node10" },
    type: "commonjs",
    compilers: ["5.4", "6.0"],
  },
};

const isAsked = (compiler: Compiler): boolean => ASKED_COMPILERS.includes(compiler);

function all(): readonly Compiler[] {
  return Object.keys(COMPILERS) as Compiler[];
}

describe("the rolled-up types", () => {
  let consumer: Consumer;

  beforeAll(async () => {
    consumer = await Consumer.create();
    for (const [index, { options, type }] of Object.values(KINDS).entries()) {
      const compilerOptions = { target: "es2022", lib: ["es2022"], strict: true, noEmit: true, types: [], ...options };
      await consumer.write(`${index}/package.json`, { type });
      await consumer.write(`${index}/dag.ts`, FILE);
      await consumer.write(`${index}/wrong.ts`, WRONG);
      for (const compiler of all()) {
        // Its own wish: TypeScript 6 wants to hear that the deprecation is known.
        const silence = compiler === "6.0" ? { ignoreDeprecations: "6.0" } : {};
        const exact = { ...compilerOptions, ...silence, exactOptionalPropertyTypes: true, skipDefaultLibCheck: true };
        await consumer.write(`${index}/tsconfig.${compiler}.json`, { compilerOptions: exact, include: ["*.ts"] });
      }
    }
  });

  afterAll(() => consumer.remove());

  it.each(ASKED_COMPILERS)("are the same from both module systems in TypeScript %s", async (compiler) => {
    const options = { target: "es2022", lib: ["es2022"], module: "nodenext", moduleResolution: "nodenext" };
    const compilerOptions = { ...options, strict: true, noEmit: true, skipDefaultLibCheck: true, types: [] };
    await consumer.write("mixed/package.json", { type: "module" });
    await consumer.write("mixed/helper.cts", HELPER);
    await consumer.write("mixed/main.ts", MIXED);
    await consumer.write("mixed/tsconfig.json", { compilerOptions, include: ["*"] });
    const complaints = await consumer.check(compiler, "mixed/tsconfig.json");
    const wrong = MIXED.split("\n").findIndex((line) => line.endsWith("// wrong")) + 1;
    expect(complaints.map(({ file, line }) => [file, line])).toEqual([["mixed/main.ts", wrong]]);
  });

  const runs = Object.entries(KINDS).flatMap(([name, { compilers }], index) =>
    compilers
      .filter(isAsked)
      .map((compiler) => ({ name, compiler, project: `${index}/tsconfig.${compiler}.json`, index })),
  );

  it.each(runs)(
    "resolve by $name in TypeScript $compiler, and are really there",
    async ({ compiler, project, index }) => {
      const complaints = await consumer.check(compiler, project);
      expect(complaints.map(({ file, code }) => [file, code])).toEqual([[`${index}/wrong.ts`, "TS2322"]]);
    },
  );
});
