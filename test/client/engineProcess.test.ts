import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { RunError } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { EngineProcess } from "../../client/src/runs/engineProcess.js";

/** Programs in the engine's place: what the client must stand. Each reads requests as JSON lines. */
const ANSWERS_ALL = `
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    console.log("stray output of a user's module");
    console.log(JSON.stringify({ type: "result", id, result: { ok: true, value: method + " " + params.task_id } }));
  });`;
const ANSWERS_WRONGLY = `
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    console.log(JSON.stringify({ type: "result", id: JSON.parse(line).id, result: { ok: true, value: 7 } }));
  });`;
const FAILS = `
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    console.log(JSON.stringify({ type: "failure", id: JSON.parse(line).id, message: "a defect" }));
  });`;
const DIES = `process.stdin.once("data", () => process.exit(7));`;
const DIES_ONCE = `
  const { existsSync, writeFileSync } = require("node:fs");
  const marker = __filename + ".died";
  if (existsSync(marker)) { ${ANSWERS_ALL} }
  else process.stdin.once("data", () => { writeFileSync(marker, ""); process.exit(7); });`;
const SENDS_BAD_EVENTS = `
  const send = (params) => console.log(JSON.stringify({ type: "notification", method: "runEvent", params }));
  send({ seq: 1, run_id: "r", at: 1, type: "task_expanded", task_id: "add", count: "many" });
  send({ seq: 2, run_id: "r", at: 2, type: "task_expanded", task_id: "add", count: 3 });
  ${ANSWERS_ALL}`;

const address = { home: "/h", run_id: "r", task_id: "add", map_index: 0 };

let folder: string;
let engine: EngineProcess | undefined;
let events: RunEvent[];
let crashes: RunError[];
let lines: string[];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "fanout-engine-"));
  events = [];
  crashes = [];
  lines = [];
});

afterEach(async () => {
  engine?.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function engineOf(program: string, command = process.execPath): Promise<EngineProcess> {
  const hostPath = path.join(folder, "host.cjs");
  await writeFile(hostPath, program);
  engine = new EngineProcess({
    hostPath,
    chooseNode: () =>
      Promise.resolve({ ok: true, runtime: { command, env: {}, version: process.version, source: "setting" } }),
    handlers: { runEvent: (event) => events.push(event) },
    log: (line) => lines.push(line),
    crashed: (error) => crashes.push(error),
  });
  return engine;
}

describe("the engine's process", () => {
  it("answers each request with its own answer, whatever else is printed", async () => {
    const asked = await engineOf(ANSWERS_ALL);
    const answers = await Promise.all(["a", "b", "c"].map((task_id) => asked.ask("readLog", { ...address, task_id })));
    expect(answers.map((answer) => answer.ok && answer.value)).toEqual(["readLog a", "readLog b", "readLog c"]);
  });

  it("is not believed where its answer has another shape", async () => {
    const answer = await (await engineOf(ANSWERS_WRONGLY)).ask("readLog", address);
    expect(answer).toMatchObject({ ok: false, error: { code: "internal" } });
  });

  it("hands on only events that are events", async () => {
    await (await engineOf(SENDS_BAD_EVENTS)).ask("readLog", address);
    expect(events.map(({ seq }) => seq)).toEqual([2]);
  });

  it("may fail to answer", async () => {
    const answer = await (await engineOf(FAILS)).ask("readLog", address);
    expect(answer).toMatchObject({ ok: false, error: { message: "a defect" } });
  });

  it("refuses what was asked when it dies, and says so once", async () => {
    const asked = await engineOf(DIES);
    const refused = await Promise.all([asked.ask("readLog", address), asked.ask("readLog", address)]);
    expect(refused.map(({ ok }) => ok)).toEqual([false, false]);
    expect(crashes).toHaveLength(1);
  });

  it("is started again by the next request", async () => {
    const asked = await engineOf(DIES_ONCE);
    expect((await asked.ask("readLog", address)).ok).toBe(false);
    expect((await asked.ask("readLog", address)).ok).toBe(true);
  });

  it("is another one after it was retired, and that is no crash", async () => {
    const asked = await engineOf(ANSWERS_ALL);
    expect((await asked.ask("readLog", address)).ok).toBe(true);
    asked.retire();
    expect((await asked.ask("readLog", address)).ok).toBe(true);
    expect(lines.filter((line) => line.includes(process.version))).toHaveLength(2);
    expect(crashes).toEqual([]);
  });

  it("that cannot be started is a refusal", async () => {
    const asked = await engineOf(ANSWERS_ALL, path.join(folder, "no-such-node"));
    expect(await asked.ask("readLog", address)).toMatchObject({ ok: false, error: { code: "internal" } });
  });
});
