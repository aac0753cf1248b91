import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { Host, type Started } from "./support/host.js";
import { Project, dagSource } from "./support/project.js";

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // What has ended but was not waited for by its new parent is not alive.
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

describe("the engine process", () => {
  it("runs a DAG, tells what happens, and shows it afterwards", async () => {
    const source = dagSource(
      `const add = task({ task_id: "add" }, ({ x }: { x: number }) => { console.log("x", x); return x + 1; });`,
      `add.expand({ x: [1, 2] });`,
    );
    const project = new Project({ "dag.ts": source });
    const host = new Host();
    const { run_id, home } = await host.value<Started>("startRun", { file: project.path("dag.ts") });
    await host.until((event) => event.type === "run_finished");
    expect(host.events.map((event) => event.seq)).toEqual(host.events.map((_, index) => index + 1));
    expect(host.events[0]).toMatchObject({ type: "run_started", run_id, model: { dag_id: "d" } });
    expect(host.events.at(-1)).toMatchObject({ type: "run_finished", state: "success" });

    const address = { home, run_id, task_id: "add", map_index: 1 };
    expect(await host.value("readLog", address)).toBe("x 2\n");
    expect(await host.value("showInstance", address)).toMatchObject({ rendered: { x: 2 }, xcom: 3, state: "success" });
    expect(await host.value("showRun", { home, run_id })).toMatchObject({ tasks: [{ task_id: "add", count: 2 }] });
    expect(await host.value("listRuns", { path: project.folder, limit: 10 })).toMatchObject({
      home,
      runs: [{ run_id }],
    });
    const written = readFileSync(path.join(home, "runs", run_id, "events.ndjson"), "utf8")
      .trim()
      .split("\n");
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual(host.events);
    const followed = await host.value<{ next: number }>("followRun", { home, run_id, from: 0 });
    expect(followed).toMatchObject({ events: host.events, live: false });
    const { next } = followed;
    expect(await host.value("followRun", { home, run_id, from: next })).toEqual({ events: [], next, live: false });
  });

  it("refuses with code and place, and answers what it does not understand with a failure", async () => {
    const project = new Project({ "dag.ts": "const 1;" });
    const host = new Host();
    const file = project.path("dag.ts");
    expect(await host.ask("startRun", { file })).toMatchObject({
      ok: false,
      error: { code: "syntax-error", at: { line: 1 } },
    });
    for (const logical_date of ["never", "2024-02-30", "2023-02-29T00:00Z"]) {
      expect(await host.ask("startRun", { file, logical_date })).toMatchObject({ error: { code: "invalid-option" } });
    }
    const unknown = { home: project.home, run_id: "../../..", task_id: "t", map_index: 0 };
    expect(await host.ask("showRun", unknown)).toMatchObject({ error: { code: "unknown-run" } });
    expect(await host.ask("readLog", unknown)).toMatchObject({ error: { code: "unknown-run" } });
    expect(await host.ask("cancelRun", { run_id: "x" })).toEqual({ ok: true, value: false });
    for (const params of [{}, { file: 5 }, null, [], { file: "a", parallelism: "2" }]) {
      expect((await host.raw("startRun", params)).type).toBe("failure");
    }
    expect((await host.raw("toString", {})).type).toBe("failure");
    host.child.stdin.write("no message\n{}\n");
    expect(await host.value("listRuns", { path: project.folder, limit: 1 })).toMatchObject({ runs: [] });
  });

  it("leaves nothing running when it is killed", async () => {
    const project = new Project();
    project.write({
      "dag.ts": dagSource(
        `import { writeFileSync } from "node:fs";
         const slow = task({ task_id: "slow" }, () => { writeFileSync(${JSON.stringify(project.path("pid"))}, String(process.pid)); while (true); });`,
        `slow();`,
      ),
    });
    const host = new Host();
    const { run_id } = await host.value<Started>("startRun", { file: project.path("dag.ts") });
    await host.until((event) => event.type === "instances_changed");
    await new Promise((resolve) => setTimeout(resolve, 1500));
    host.child.kill("SIGKILL");
    await host.exited;
    const pid = Number(readFileSync(project.path("pid"), "utf8"));
    for (let tries = 0; isAlive(pid) && tries < 200; tries++) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isAlive(pid)).toBe(false);
    expect(project.history().show(run_id)).toMatchObject({ state: "failed", error: { code: "worker-died" } });
    expect(project.history().runs()).toMatchObject([{ run_id, state: "failed" }]);
  });

  it("keeps answering while a file loops, cancels, and leaves nothing behind when it is left", async () => {
    const project = new Project({
      "loop.ts": "while (true);",
      "dag.ts": dagSource(`const slow = task({ task_id: "slow" }, () => { while (true); });`, `slow();`),
    });
    const host = new Host();
    void host.raw("startRun", { file: project.path("loop.ts") });
    const { run_id } = await host.value<Started>("startRun", { file: project.path("dag.ts") });
    await host.until((event) => event.type === "instances_changed");
    await host.value("cancelRun", { run_id });
    expect(await host.until((event) => event.type === "run_finished")).toMatchObject({
      cancelled: true,
      state: "failed",
    });

    const other = await host.value<Started>("startRun", { file: project.path("dag.ts") });
    await host.until((event) => event.run_id === other.run_id && event.type === "instances_changed");
    host.child.stdin.end();
    expect(await host.exited).toBe(0);
    expect(project.history().show(other.run_id)).toMatchObject({ state: "failed", error: { code: "cancelled" } });
  });
});
