import { describe, expect, it } from "vitest";
import { describeDags } from "../support/describeDags.js";
import { createMemoryProject } from "../support/memoryProject.js";

const LIBRARY = `
  //- /lib.ts
  import { task, type TaskFunction } from "fanout";
  export { add as plus } from "./tasks.js";
  export * from "./tasks.js";
  export * as tasks from "./tasks.js";
  export function make_loader<T extends { id: number }>(name: string, rows: T[]) {
    return task({ task_id: \`load_\${name}\` }, (_: {}) => rows);
  }
  export class Factory {
    constructor(private prefix: string) {}
    make(n: string) {
      return task({ task_id: \`\${this.prefix}_\${n}\` }, () => n);
    }
  }
  export const with_retry = <I extends object, R>(t: TaskFunction<I, R>, id: string) =>
    t.override({ retries: 3, task_id: id });
  export const register = (names: readonly string[]) => {
    const out = [];
    for (const n of names) out.push(make_loader(n, [{ id: 1 }])({}));
    return out;
  };
  //- /tasks.ts
  import { task as t } from "fanout";
  export const add = t({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
  export const config = {
    tables: [{ name: "a", on: true }, { name: "b", on: false }, { name: "c", on: true }],
    kind: { deep: ["k1", "k2"] },
  };
  export enum Stage { Dev = "dev", Prod = "prod" }
  //- /big.json
  { "tables": ["j1", "j2"] }
`;

function read(body: string): string[] {
  const { workspace, fixture } = createMemoryProject(`
    //- /tricky.dag.ts
    import * as af from "fanout";
    import { readFileSync } from "node:fs";
    import { plus, tasks, make_loader, Factory, with_retry, register, config, Stage } from "./lib.js";
    import json from "./big.json" with { type: "json" };
    const { dag, task, chain, task_group } = af;
    const base = { retries: 2 } as const;
    const N = 3;
    export default dag({ dag_id: \`tricky_\${Stage.Prod}\` }, () => {
      ${body}
    });
    ${LIBRARY}
  `);
  return describeDags(workspace.analyze(fixture.main)).slice(1);
}

describe("reading follows", () => {
  it("loops over configuration with a condition, and names made by templates", () => {
    const body = `for (const { name, on } of config.tables) { if (!on) continue; make_loader(name, [{ id: 1 }])({}); }`;
    expect(read(body)).toEqual(["load_a", "load_c"]);
  });

  it("list methods and a spread into chain", () => {
    const body = `
      const xs = config.tables
        .filter((t) => t.on)
        .map((t, i) => plus.override({ task_id: \`plus_\${t.name}_\${i}\` })({ x: i, y: 1 }));
      chain(...xs);`;
    expect(read(body)).toEqual(["plus_a_0", "plus_c_1 <- plus_a_0"]);
  });

  it("helpers of other files that loop and push", () => {
    const body = `const regs = register(config.kind.deep); chain(regs, plus({ x: 1, y: 2 }));`;
    expect(read(body)).toEqual(["load_k1", "load_k2", "add <- load_k1, load_k2"]);
  });

  it("generic wrappers and spreads of ranges", () => {
    const body = `with_retry(tasks.add, "retried").partial({ y: 1 }).expand({ x: [...Array(N).keys()] });`;
    expect(read(body)).toEqual(["retried[x=3]"]);
  });

  it("class factories", () => {
    expect(read(`const f = new Factory("fac"); f.make("one")();`)).toEqual(["fac_one"]);
  });

  it("JSON files", () => {
    const body = `for (const t of json.tables) plus.override({ task_id: \`json_\${t}\` })({ x: 1, y: 1 });`;
    expect(read(body)).toEqual(["json_j1", "json_j2"]);
  });

  it("conditions and lists that only a run knows, as far as they can be told", () => {
    const body = `
      if (process.env["DEPLOY"] === "prod") plus.override({ task_id: "only_prod" })({ x: 1, y: 1 });
      const names: string[] = JSON.parse(readFileSync("big.json", "utf8")).tables;
      for (const n of names) plus.override({ task_id: \`env_\${n}\` })({ x: 1, y: 1 });`;
    expect(read(body)).toEqual(["only_prod?", "env_**", "unresolved: condition, loop, task_id"]);
  });

  it("recursion", () => {
    const body = `
      const tree = (d: number): void => {
        if (d === 0) return;
        plus.override({ task_id: \`rec_\${d}\` })({ x: d, y: d });
        tree(d - 1);
      };
      tree(2);`;
    expect(read(body)).toEqual(["rec_2", "rec_1"]);
  });

  it("a reduce that chains", () => {
    const body = `
      [1, 2].reduce(
        (prev: af.XComArg<number>, i) => plus.override({ task_id: \`red_\${i}\` })({ x: prev, y: i }),
        plus.override({ task_id: "seed" })({ x: 0, y: 0 }),
      );`;
    expect(read(body)).toEqual(["seed", "red_1 <- seed", "red_2 <- red_1"]);
  });

  it("mapped groups", () => {
    const body = `
      const g = task_group({ group_id: "g" }, ({ v }) => plus({ x: v, y: 1 }));
      const out = g.expand({ v: [1, 2, 3, 4] });
      plus.override({ task_id: "after" }).expand({ x: out, y: [1, 2] });`;
    expect(read(body)).toEqual(["g.add", "after[x=g.add, y=2] <- g.add"]);
  });

  it("cycles, without going round in them", () => {
    const body = `
      const c1 = plus.override({ task_id: "c1" })({ x: 1, y: 1 });
      const c2 = plus.override({ task_id: "c2" })({ x: c1, y: 1 });
      chain(c2, c1);`;
    expect(read(body)).toEqual(["c1 <- c2", "c2 <- c1"]);
  });

  it("repeated calls, and a reference as a condition", () => {
    const body = `
      const c1 = plus({ x: 1, y: 1 });
      const d1 = plus.override({ task_id: "dup" });
      d1({ x: 1, y: 1 });
      if (c1) d1({ x: 1, y: 1 });`;
    expect(read(body)).toEqual(["add", "dup", "dup__1"]);
  });

  it("counters", () => {
    const body = `let k = 0; while (k < 2) { plus.override({ task_id: \`w_\${k}\` })({ x: k, y: k }); k++; }`;
    expect(read(body)).toEqual(["w_0", "w_1"]);
  });

  it("spread options and conditional ids", () => {
    const body = `task({ ...base, task_id: N > 2 ? "big" : "small" }, () => 1)();`;
    expect(read(body)).toEqual(["big"]);
  });
});
