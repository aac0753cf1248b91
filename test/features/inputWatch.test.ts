import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const source = fileURLToPath(new URL("../../server/src/inputWatch.ts", import.meta.url));

/** Works for ever, were it not for the edit; then tells all that it received. */
const WORKER = `
  const { InputWatch } = require("./inputWatch.cjs");
  const watch = new InputWatch(process.stdin);
  let received = "";
  watch.input.on("data", (chunk) => {
    received += chunk;
    if (received !== "start ") return;
    const cancellation = watch.begin();
    console.log("working");
    while (!cancellation.isCancellationRequested);
    console.log(String(watch.begin().isCancellationRequested));
  });
  watch.input.on("end", () => console.log(received));
`;

describe.skipIf(process.platform === "win32")("what is worked out", () => {
  let folder = "";

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fanout-watch-"));
    await build({
      entryPoints: [source],
      bundle: true,
      platform: "node",
      outfile: path.join(folder, "inputWatch.cjs"),
    });
    await writeFile(path.join(folder, "worker.cjs"), WORKER);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("ends when an edit comes meanwhile, which is received like everything else", async () => {
    const child = spawn(process.execPath, [path.join(folder, "worker.cjs")], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const line = async (): Promise<unknown> => (await lines.next()).value;
    const edit = '{"method":"textDocument/didChange","params":"ä"} ';
    child.stdin.write("start ");
    expect(await line()).toBe("working");
    child.stdin.write('{"method":"textDocument/hover"} ');
    child.stdin.write(edit);
    expect(await line()).toBe("false");
    child.stdin.end("the end");
    expect(await line()).toBe(`start {"method":"textDocument/hover"} ${edit}the end`);
    if (child.exitCode === null) await once(child, "exit");
    expect(child.exitCode).toBe(0);
  });
});
