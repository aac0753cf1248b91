import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, expect, it } from "vitest";
import { root, startNode, tempProject } from "../cli/support/cliProcess.js";

const text = readFileSync(path.join(root, "docs/testing.md"), "utf8");
const blocks = [...text.matchAll(/^```(\w+)\n\/\/ (\S+)\n([^]*?)^```$/gm)].map(
  ([, language, name = "", code = ""]) => ({
    ...{ language, name, code },
  }),
);
const project = tempProject(Object.fromEntries(blocks.map(({ name, code }) => [name, code])));
afterAll(project.remove);

it("names the file of every block", () => {
  expect(blocks).toHaveLength(text.split("\n```").filter((part) => /^(?:ts|js)\n/.test(part)).length);
  expect(blocks.length).toBeGreaterThan(4);
});

it("has tests that pass under node:test", async () => {
  const files = blocks.flatMap(({ language, name }) => (language === "js" ? [name] : []));
  const { code, stdout } = await startNode(["--test", ...files], project.dir, {}).ended;
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/# pass 5\n/);
});

it("has a test that passes under Vitest", async () => {
  symlinkSync(path.join(root, "node_modules/vitest"), path.join(project.dir, "node_modules/vitest"), "junction");
  writeFileSync(
    path.join(project.dir, "vitest.config.mjs"),
    `export default { test: { include: ["**/*.vitest.test.ts"] } };\n`,
  );
  const vitest = path.join(root, "node_modules/vitest/vitest.mjs");
  const { code, stdout, stderr } = await startNode([vitest, "run"], project.dir, {}).ended;
  expect(code, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/Tests +2 passed/);
});

it("has types that hold", async () => {
  mkdirSync(path.join(project.dir, "node_modules/@types"), { recursive: true });
  symlinkSync(
    path.join(root, "node_modules/@types/node"),
    path.join(project.dir, "node_modules/@types/node"),
    "junction",
  );
  const compilerOptions = {
    strict: true,
    module: "nodenext",
    target: "es2023",
    noEmit: true,
    skipLibCheck: true,
    types: ["node"],
  };
  writeFileSync(
    path.join(project.dir, "tsconfig.json"),
    JSON.stringify({ compilerOptions, include: ["dags", "test/*.ts"] }),
  );
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const { code, stdout } = await startNode([tsc, "-p", "."], project.dir, {}).ended;
  expect(code, stdout).toBe(0);
});
