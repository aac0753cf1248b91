import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inRoot } from "./paths.mjs";
import { keptDependencies } from "./stage.mjs";

const moduleConsumer = `
import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
export default dag({ dag_id: "consumer" }, () => {
  add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
});
`;

const commonJsConsumer = `
import fanout = require("fanout");
const { dag, task } = fanout;
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
export = dag({ dag_id: "consumer" }, () => {
  add.partial({ y: 10 }).expand({ x: [1, 2, 3] });
});
`;

const moduleTest = `
import { test } from "node:test";
import assert from "node:assert/strict";
import { load_dag, FanoutError, type DagTestResult } from "fanout/testing";
import consumer from "./consumer.mjs";
test("runs in memory", async () => {
  const result: DagTestResult = await consumer.test();
  assert.deepEqual(result.xcom("add"), [11, 12, 13]);
  const adder = await load_dag("adder.dag.ts");
  assert.equal((await adder.test()).state, "success");
  assert.ok(FanoutError.is(await adder.test({ xcoms: { no: 1 } }).catch((thrown: unknown) => thrown)));
});
`;

const commonJsTest = `
import nodeTest = require("node:test");
import assert = require("node:assert/strict");
import testing = require("fanout/testing");
import consumer = require("./consumer.cjs");
nodeTest.test("runs in memory", async () => {
  assert.deepEqual((await consumer.test()).xcom("add"), [11, 12, 13]);
  const adder: testing.Dag = await testing.load_dag("adder.dag.ts");
  assert.equal((await adder.test()).state, "success");
});
`;

/**
 * Puts the tarball into a project of its own, outside the checkout, and uses it as its readers do: types and values from ES
 * modules and from CommonJS, and the command. Its dependencies are linked, so that no registry is asked.
 * @param {string} tarball
 */
export function testTarball(tarball) {
  const project = mkdtempSync(path.join(tmpdir(), "fanout-consumer-"));
  try {
    install(project, tarball);
    writeFileSync(path.join(project, "consumer.mts"), moduleConsumer);
    writeFileSync(path.join(project, "consumer.cts"), commonJsConsumer);
    writeFileSync(path.join(project, "module.test.mts"), moduleTest);
    writeFileSync(path.join(project, "commonjs.test.cts"), commonJsTest);
    compile(project, "nodenext");
    node(project, "consumer.mjs");
    node(project, "consumer.cjs");
    runCommand(project);
    node(project, "--test", "module.test.mjs", "commonjs.test.cjs");
  } finally {
    rmSync(project, { recursive: true, force: true });
  }
}

/**
 * @param {string} project
 * @param {string} tarball
 */
function install(project, tarball) {
  const installed = path.join(project, "node_modules/fanout");
  mkdirSync(installed, { recursive: true });
  writeFileSync(path.join(project, "package.json"), '{ "name": "consumer", "private": true }\n');
  execFileSync("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed]);
  mkdirSync(path.join(project, "node_modules/@types"));
  for (const name of [...Object.keys(keptDependencies()), "@types/node", "undici-types"]) {
    symlinkSync(inRoot("node_modules", name), path.join(project, "node_modules", name), "junction");
  }
}

/**
 * @param {string} project
 * @param {string} module
 */
function compile(project, module) {
  const consumers = ["consumer.mts", "consumer.cts", "module.test.mts", "commonjs.test.cts"];
  const options = ["--strict", "--target", "es2022", "--module", module, "--skipLibCheck", "false"];
  node(project, inRoot("node_modules/typescript/bin/tsc"), ...options, "--types", "node", ...consumers);
}

/** @param {string} project */
function runCommand(project) {
  const cli = path.join(project, "node_modules/fanout/dist/runtime/cli.cjs");
  cpSync(inRoot("examples/adder.dag.ts"), path.join(project, "adder.dag.ts"));
  node(project, cli, "--version");
  const shown = node(project, cli, "graph", "adder.dag.ts", "--format", "json");
  if (!shown.includes('"adder"')) throw new Error(`'fanout graph' of the packed command printed:\n${shown}`);
  node(project, cli, "check", "adder.dag.ts");
  node(project, cli, "run", "adder.dag.ts");
}

/**
 * @param {string} cwd
 * @param {...string} args
 */
function node(cwd, ...args) {
  const { status, stdout } = spawnSync(process.execPath, args, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`'${args.join(" ")}' ended with ${status}:\n${stdout}`);
  return stdout;
}
