import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Dirent } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BatchRefusal, CheckAnswer, ModelAnswer } from "#core/protocol/batch.js";

const batch = fileURLToPath(new URL("../../dist/server/batch.cjs", import.meta.url));

const imports =
  'import { dag, task } from "fanout";\nconst add = task({ task_id: "add" }, ({ x }: { x: number }) => x);\n';
const good = `${imports}export default dag({ dag_id: "good" }, () => { add.expand({ x: [1, 2] }); });\n`;
const bad = good.replace('"good"', '"bad"').replace("[1, 2]", "5");
const broken = good.replace('"good"', '"broken"').replace("});\n", "}\n");

describe("batch.cjs", () => {
  let folder = "";
  const at = (name: string): string => path.join(folder, name);

  beforeAll(async () => {
    folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "fanout-batch-")));
    const files = {
      "package.json": JSON.stringify({ fanout: { rules: { "duplicate-task-id": "off" } } }),
      ".gitignore": "generated/\n*.log\n",
      "flows/good.dag.ts": good,
      "flows/bad.dag.ts": bad,
      "flows/broken.dag.ts": broken,
      "flows/helper.ts": "export const five = 5;\n",
      "flows/types.d.ts": 'import "fanout";\n',
      "lenient/fanout.config.json": JSON.stringify({ rules: { "not-mappable": "warning" } }),
      "lenient/inner/bad.dag.ts": bad,
      "node_modules/other/bad.dag.ts": bad,
      "generated/bad.dag.ts": bad,
      "dist/bad.dag.ts": bad,
      ".fanout/bad.dag.ts": bad,
    };
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(at(name)), { recursive: true });
      await writeFile(at(name), content);
    }
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const askWith = (env: NodeJS.ProcessEnv): Promise<unknown> => askIn(env, "check", "flows");

  const ask = <T>(...args: string[]): Promise<{ exitCode: number | null; answer: T }> => askIn(process.env, ...args);

  async function askIn<T>(env: NodeJS.ProcessEnv, ...args: string[]): Promise<{ exitCode: number | null; answer: T }> {
    const child = spawn(process.execPath, [batch, ...args], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
    const ended = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode] = (await ended) as [number | null];
    return { exitCode, answer: JSON.parse(exitCode === 0 ? stdout : stderr) as T };
  }

  it("answers the same from the compiled code of an earlier start, and from a damaged one", async () => {
    const cache = at(".code");
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const first = await askWith(env);
    const isFile = (entry: Dirent): boolean => entry.isFile();
    const entries = (await readdir(cache, { recursive: true, withFileTypes: true })).filter(isFile);
    expect(entries).not.toEqual([]);
    expect(await askWith(env)).toEqual(first);
    for (const { parentPath, name } of entries) await writeFile(path.join(parentPath, name), "damaged");
    expect(await askWith(env)).toEqual(first);
  });

  it("checks every DAG file under a folder, and no heavy or ignored one", async () => {
    const { exitCode, answer } = await ask<CheckAnswer>("check");
    expect(exitCode).toBe(0);
    expect(answer.files).toEqual([
      at("flows/bad.dag.ts"),
      at("flows/broken.dag.ts"),
      at("flows/good.dag.ts"),
      at("lenient/inner/bad.dag.ts"),
    ]);
    expect(answer.problems.map(({ message: _message, ...problem }) => problem)).toEqual([
      {
        file: at("flows/bad.dag.ts"),
        line: 3,
        column: 63,
        endLine: 3,
        endColumn: 64,
        code: "not-mappable",
        severity: "error",
      },
      expect.objectContaining({ file: at("flows/broken.dag.ts"), code: "syntax-error", severity: "error" }),
      expect.objectContaining({ file: at("lenient/inner/bad.dag.ts"), code: "not-mappable", severity: "warning" }),
    ]);
  });

  it("gives the models of what is named, each once, also of a broken file, with its syntax errors", async () => {
    const named = ["flows", "flows/good.dag.ts", at("flows/good.dag.ts")];
    const { exitCode, answer } = await ask<ModelAnswer>("model", ...named);
    expect(exitCode).toBe(0);
    expect(answer.dags.map(({ dag_id, tasks }) => [dag_id, tasks.map((task) => task.task_id)])).toEqual([
      ["bad", ["add"]],
      ["broken", ["add"]],
      ["good", ["add"]],
    ]);
    expect(answer.problems.map(({ code }) => code)).toEqual(["syntax-error"]);
  });

  it("finds what a file imports that is named through a link, beside the real file", async () => {
    const dags = 'import { make } from "./make.js";\nexport default dag({ dag_id: "linked" }, () => { make(); });\n';
    await mkdir(at("real"));
    await writeFile(at("real/linked.dag.ts"), imports + dags);
    await writeFile(at("real/make.ts"), `${imports}export function make() { add({ x: 1 }); }\n`);
    await mkdir(at("links"));
    await symlink(at("real/linked.dag.ts"), at("links/linked.dag.ts"));
    const { answer } = await ask<ModelAnswer>("model", "links/linked.dag.ts");
    const found = answer.dags.map(({ dag_id, tasks, unresolved }) => [dag_id, tasks.length, unresolved.length]);
    expect(found).toEqual([["linked", 1, 0]]);
  });

  it.each([
    ["a path that is not there", ["check", "flows/none.dag.ts"], "file-not-found"],
    ["a file that is no DAG file", ["check", "flows/helper.ts"], "not-a-dag-file"],
    ["a file that is no script", ["model", "package.json"], "not-a-dag-file"],
    ["another question", ["explain"], "invalid-option"],
  ])("refuses %s", async (_name, args, code) => {
    const { exitCode, answer } = await ask<BatchRefusal>(...args);
    expect(exitCode).toBe(2);
    expect(answer.code).toBe(code);
  });
});
