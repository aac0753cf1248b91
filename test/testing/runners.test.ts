import { writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startNode, tempProject } from "../cli/support/cliProcess.js";

const project = tempProject({
  "package.json": '{ "private": true }',
  "adder.cjs": `
    const { dag, task } = require("fanout");
    const add = task({ task_id: "add" }, ({ x, y }) => {
      if (x === 13) throw new RangeError("unlucky");
      console.log("adding", x);
      return x + y;
    });
    const total = task({ task_id: "total" }, ({ values }) => values.reduce((sum, one) => sum + one, 0));
    exports.adder = dag({ dag_id: "adder" }, () => {
      total({ values: add.partial({ y: 10 }).expand({ x: task({ task_id: "list" }, () => [1, 2])() }) });
    });
  `,
});
afterAll(project.remove);

/** Runs a file of the project by Node; what it prints last is JSON. */
async function run(name: string, text: string, ...flags: string[]): Promise<unknown> {
  writeFileSync(path.join(project.dir, name), text);
  const { code, stdout, stderr } = await startNode([...flags, name], project.dir, {}).ended;
  expect([code, stderr], stdout).toEqual([0, ""]);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

const failing = `{ file: require("node:path").basename(error.at.file), line: error.at.line, stack: error.stack }`;

describe("test()", () => {
  it("works from CommonJS, with the places of plain JavaScript", async () => {
    const told = await run(
      "plain.cjs",
      `const { adder } = require("./adder.cjs");
       const { FanoutError } = require("fanout/testing");
       (async () => {
         const result = await adder.test();
         const unlucky = await adder.test({ xcoms: { list: [13] } });
         const { error } = unlucky.task("add").instance(0);
         const refused = await adder.test({ xcoms: { no: 1 } }).catch((thrown) => thrown);
         console.log(JSON.stringify([
           result.xcom("total"), result.log("add", 1), ${failing}, [FanoutError.is(refused), refused instanceof FanoutError, refused.code],
         ]));
       })();`,
    );
    const stack = expect.stringMatching(/^RangeError: unlucky\n {4}at .*adder\.cjs:4:/) as unknown;
    const error = { file: "adder.cjs", line: 4, stack };
    expect(told).toEqual([23, "adding 2\n", error, [true, true, "unknown-task"]]);
  });

  it("works from ES modules, for DAGs of either kind", async () => {
    const told = await run(
      "plain.mjs",
      `import { dag, task } from "fanout";
       import { adder } from "./adder.cjs";
       const own = dag({ dag_id: "own" }, () => { task({ task_id: "t" }, () => 1)(); });
       const results = await Promise.all([adder.test(), own.test(), adder.test()]);
       console.log(JSON.stringify(results.map((result) => result.xcom(result.tasks.at(-1).task_id))));`,
    );
    expect(told).toEqual([23, 1, 23]);
  });

  it("works where each test file has globals of its own and no import(), as in Jest", async () => {
    const told = await run(
      "jestLike.cjs",
      `const vm = require("node:vm");
       const fs = require("node:fs");
       const { createRequire } = require("node:module");
       const path = require("node:path");
       const lines = [];
       const console = { ...globalThis.console, log: (...values) => lines.push(values.join(" ")) };
       const context = vm.createContext({ process, console, setTimeout, clearTimeout, setInterval, clearInterval,
         setImmediate, performance, Buffer, URL, URLSearchParams, TextEncoder, TextDecoder, AbortController, queueMicrotask });
       context.global = context;
       const loaded = new Map();
       function load(file) {
         if (loaded.has(file)) return loaded.get(file).exports;
         const module = { exports: {} };
         loaded.set(file, module);
         const { resolve } = createRequire(file);
         const inner = (name) => name.startsWith("node:") ? require(name) : load(resolve(name));
         Object.assign(inner, { resolve, cache: {} });
         const text = "(function (module, exports, require, __filename, __dirname) {" + fs.readFileSync(file, "utf8") + "\\n})";
         vm.runInContext(text, context, { filename: file })(module, module.exports, inner, file, path.dirname(file));
         return module.exports;
       }
       const { adder } = load(path.resolve("adder.cjs"));
       (async () => {
         const date = vm.runInContext("new Date('2022-04-02')", context);
         const options = vm.runInContext("({ xcoms: { list: [1, 13] } })", context);
         const result = await adder.test({ logical_date: date, ...options });
         const { error } = result.task("add").instance(1);
         globalThis.console.log(JSON.stringify([result.state, result.run_id, result.log("add", 0), lines, error.code, ${failing}.line]));
       })();`,
    );
    expect(told).toEqual(["failed", "manual__2022-04-02T00-00-00.000Z", "adding 1\n", [], "task-failed", 4]);
  });

  it("works under node:test, whose tests may run at once", async () => {
    writeFileSync(
      path.join(project.dir, "node.test.cjs"),
      `const { describe, test } = require("node:test");
       const assert = require("node:assert/strict");
       const { adder } = require("./adder.cjs");
       describe("adder", { concurrency: true }, () => {
         for (const n of [1, 2, 3]) {
           test(String(n), async () => {
             console.log("my own line");
             const result = await adder.test({ xcoms: { list: [n] } });
             assert.equal(result.xcom("total"), n + 10);
             assert.equal(result.log("add", 0), "adding " + n + "\\n");
           });
         }
       });`,
    );
    const { code, stdout } = await startNode(["--test", "node.test.cjs"], project.dir, {}).ended;
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/# pass 3\n/);
    expect(stdout).not.toContain("adding");
  });
});
