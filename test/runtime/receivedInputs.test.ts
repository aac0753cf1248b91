import { describe, expect, it } from "vitest";
import { type InstanceDetails, isFinished } from "#core/model/run.js";
import type { History } from "../../runtime/src/store/history.js";
import { FaultProject, killHard } from "../faults/support/killedRun.js";
import { Project, dagSource, runDag, runToEnd, start } from "./support/project.js";

const BY_INPUTS = `work.partial({ t: "{{ 'r' * 3 }}" } as any).expand({ x: [1, 2] } as any);`;
const HANG = "await new Promise((resolve) => setTimeout(resolve, 600_000));";

function work(body: string, options = ""): string {
  return `const work = task({ task_id: "work"${options} }, async ({ x, ...others }: any, context: any): Promise<any> => { ${body} });`;
}

/** Every look at the first instance of the run, until it has ended. */
async function* looks(history: History, run_id: string): AsyncGenerator<InstanceDetails> {
  for (;;) {
    // Before that, nothing is expanded.
    const isThere = (history.show(run_id).tasks[0]?.count ?? 0) > 0;
    const found = isThere ? history.instance(run_id, "work", 0) : null;
    if (found) yield found;
    if (found && isFinished(found.state)) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("the inputs of an instance that does not tell how it ended", () => {
  it.each([
    ["runs out of time in a loop", "for (;;);", ", execution_timeout: 0.5", "task-timeout"],
    ["runs out of time while it waits", HANG, ", execution_timeout: 0.5", "task-timeout"],
    ["leaves", "process.exit(0);", "", "worker-died"],
    ["kills itself", `process.kill(process.pid, "SIGKILL"); ${HANG}`, "", "worker-died"],
    ["throws where nobody waits", `setTimeout(() => { throw new Error("late"); }, 5); ${HANG}`, "", "task-failed"],
  ])("are known where it %s", async (_, body, options, code) => {
    const run = await runDag(work(body, options), BY_INPUTS);
    for (const x of [1, 2]) {
      const { error, rendered } = run.instance("work", x - 1);
      expect({ code: error?.code, rendered }).toEqual({ code, rendered: { t: "rrr", x } });
    }
  });

  it("are known where it takes too much memory, of a task that is not mapped too", async () => {
    const project = new Project({ "fanout.config.json": `{ "workerMemoryMb": 256 }` });
    const body = `const held: any[] = []; for (;;) { held.push(Buffer.alloc(8 * 2 ** 20, 1)); await new Promise((resolve) => setTimeout(resolve, 1)); }`;
    project.write({ "dag.ts": dagSource(work(body), `work({ x: "{{ 'r' * 3 }}" });`) });
    const { error, rendered } = (await runToEnd(project)).instance("work");
    expect({ code: error?.code, rendered }).toEqual({ code: "memory-exceeded", rendered: { x: "rrr" } });
  });

  it("are shown while it runs, and stay where the run is cancelled", async () => {
    const project = new Project({ "dag.ts": dagSource(work(HANG), BY_INPUTS) });
    const run = await start(project);
    const history = project.history();
    for await (const live of looks(history, run.run_id)) {
      if (live.rendered === null) continue;
      expect(live).toMatchObject({ state: "running", rendered: { t: "rrr", x: 1 } });
      break;
    }
    run.cancel();
    await run.done;
    const { error, rendered, cancelled } = history.instance(run.run_id, "work", 0);
    expect({ code: error?.code, rendered }).toEqual({ code: "cancelled", rendered: { t: "rrr", x: 1 } });
    const shown = history.show(run.run_id).tasks[0]?.instances[0];
    expect([cancelled, shown?.cancelled]).toEqual([true, true]);
  });

  it("are those of its last try", async () => {
    const body = `if (context.ti.try_number === 1) process.exit(0); ${HANG}`;
    const options = ", retries: 1, retry_delay: 0.3, execution_timeout: 0.5";
    const project = new Project({
      "dag.ts": dagSource(
        work(body, options),
        `work.partial({ t: "try {{ ti.try_number }}" } as any).expand({ x: [1] } as any);`,
      ),
    });
    const { run_id } = await start(project);
    const seen = new Set<string>();
    for await (const { state, try_number, rendered } of looks(project.history(), run_id)) {
      if (rendered) seen.add(`${try_number} ${state} ${JSON.stringify(rendered)}`);
    }
    const of = (try_number: number, state: string): string => `${try_number} ${state} {"t":"try ${try_number}","x":1}`;
    expect([...seen].filter((one) => one !== of(1, "running"))).toEqual([
      of(1, "up_for_retry"),
      of(2, "running"),
      of(2, "failed"),
    ]);
  });

  it("are masked as those of any other", async () => {
    const run = await runDag(
      work("process.exit(0);"),
      `work.partial({ password: "abc" } as any).expand({ x: [1] } as any);`,
    );
    expect(run.instance("work", 0).rendered).toEqual({ password: "***", x: 1 });
  });

  it("are asked for where a quick task's instance waits, told where it leaves, and else not known rather than something else", async () => {
    const body = `if (x === 400) ${HANG} if (x === 120) process.kill(process.pid, "SIGKILL"); if (x === 260) process.exit(0); return x;`;
    const run = await runDag(
      work(body, ", execution_timeout: 1"),
      `work.partial({ t: "{{ 'r' * 3 }}" } as any).expand({ x: Array.from({ length: 500 }, (_, index) => index) } as any);`,
      { parallelism: 1 },
    );
    expect(run.task("work").counts).toEqual({ success: 497, failed: 3 });
    for (const x of [20, 260, 400, 499]) expect(run.instance("work", x).rendered).toEqual({ t: "rrr", x });
    expect([null, { t: "rrr", x: 120 }]).toContainEqual(run.instance("work", 120).rendered);
  });

  it("are known however many there are, of a task that does something", async () => {
    const body = `for (const end = performance.now() + 2; performance.now() < end;);
      if (x === 125) process.kill(process.pid, "SIGKILL");`;
    const expand = `work.expand({ x: Array.from({ length: 130 }, (_, index) => index) } as any);`;
    const run = await runDag(work(body), expand, { parallelism: 1 });
    expect(run.instance("work", 125)).toMatchObject({ error: { code: "worker-died" }, rendered: { x: 125 } });
  });

  it("are nobody's where they could not be worked out", async () => {
    const run = await runDag(work("return 1;"), `work.partial({ t: "{{ 1 / 0 }}" } as any).expand({ x: [1] } as any);`);
    expect(run.instance("work", 0)).toMatchObject({ error: { code: "template-failed" }, rendered: null });
  });
});

describe("the inputs of an instance whose engine was killed", () => {
  it("are those that it told", async () => {
    const project = new FaultProject(`
const work = task({ task_id: "work" }, async (_: any) => { await wait(600_000); });
export default dag({ dag_id: "fault" }, () => { work.partial({ t: "{{ 'r' * 3 }}" } as any).expand({ x: [1] } as any); });
`);
    const started = project.start("run", "fault.dag.ts");
    const show = async (): Promise<InstanceDetails> => {
      const shown = await project.run("show", "latest", "work", "--map-index", "0", "--format", "json");
      return (shown.code === 0 ? JSON.parse(shown.stdout) : null) as InstanceDetails;
    };
    let live: InstanceDetails | null = null;
    while (live?.state !== "running" || live.rendered === null) live = await show();
    await killHard(started);
    expect(await show()).toMatchObject({ lost: true, rendered: { t: "rrr", x: 1 } });
  });
});
