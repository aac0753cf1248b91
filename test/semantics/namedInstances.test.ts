import { describe, expect, it } from "vitest";
import { Project, runDag, runToEnd } from "../runtime/support/project.js";

const named = (template: string, body = "({ x }: any) => x", options = ""): string =>
  `const train = task({ task_id: "train", map_index_template: ${JSON.stringify(template)}${options} }, ${body});`;
const names = (run: Awaited<ReturnType<typeof runDag>>): (string | null)[] =>
  run.task("train").instances.map(({ name }) => name);
const expand = `train.expand({ x: ["a", "b"] } as any);`;

describe("§2.11 map_index_template", () => {
  it("gives every instance a name from its context and its inputs", async () => {
    const run = await runDag(named("{{ task.op_kwargs.x }} of {{ ti.task_id }} {{ map_index }}"), expand);
    expect(names(run)).toEqual(["a of train 0", "b of train 1"]);
    expect(run.instance("train", 1)).toMatchObject({ name: "b of train 1", state: "success", xcom: "b" });
    const told = run.events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    const ends = told.filter(({ state }) => state === "success");
    expect(ends.map(({ name }) => name)).toEqual(["a of train 0", "b of train 1"]);
  });

  it("knows what the body put into the context, however deep down", async () => {
    const run = await runDag(
      `import { get_current_context } from "fanout";
       const call = (name: string) => { Object.assign(get_current_context(), { my_name: name }); };
       ${named("{{ my_name }}", "({ x }: any) => call(x.toUpperCase())")}`,
      expand,
    );
    expect(names(run)).toEqual(["A", "B"]);
  });

  it("is rendered with the arguments of an operator too", async () => {
    const run = await runDag(
      `class Train extends BaseOperator<{ model: string }> { execute(context: any) { context.size = this.args.model.length; return 1; } }`,
      `Train.partial({ task_id: "train", map_index_template: "{{ task.model }}: {{ size }}" }).expand({ model: ["knn", "svm!"] });`,
    );
    expect(names(run)).toEqual(["knn: 3", "svm!: 4"]);
  });

  it("is rendered after a failure and a skip as well", async () => {
    const body = `({ x }: any, context: any) => {
      context.my_name = "the " + x;
      if (x === "a") throw new Error("no");
      throw new SkipException();
    }`;
    const run = await runDag(named("{{ my_name }}", body), expand);
    expect(run.task("train").instances).toMatchObject([
      { name: "the a", state: "failed" },
      { name: "the b", state: "skipped" },
    ]);
  });

  it("is told while the body runs, as far as the inputs give it, and kept where the process died", async () => {
    const body = `async ({ x }: any, context: any) => {
      if (x === "a") process.kill(process.pid, "SIGKILL");
      await new Promise((resolve) => setTimeout(resolve, 300));
      context.mood = "good";
    }`;
    const run = await runDag(named("{{ task.op_kwargs.x }}{{ mood | default('') }}", body), expand);
    expect(run.task("train").instances).toMatchObject([
      { name: "a", state: "failed" },
      { name: "bgood", state: "success" },
    ]);
    const told = run.events.flatMap((event) => (event.type === "instances_changed" ? event.changes : []));
    const running = told.filter(({ map_index, state }) => map_index === 1 && state === "running");
    expect(running.map(({ name }) => name)).toContain("b");
    expect(run.instance("train", 0).error?.code).toBe("worker-died");
  });

  it("is kept where a limit of time ends the instance", async () => {
    const body = `({ x }: any) => { for (;;); }`;
    const options = ", execution_timeout: 0.3";
    const run = await runDag(named("{{ task.op_kwargs.x }}", body, options), expand);
    expect(run.task("train").instances).toMatchObject([
      { name: "a", state: "failed" },
      { name: "b", state: "failed" },
    ]);
  });

  it("that cannot be rendered leaves the number, says why in the log and changes no state", async () => {
    const run = await runDag(named("{{ nothing.at.all }}"), expand);
    expect(run.task("train").instances).toMatchObject([
      { name: null, state: "success" },
      { name: null, state: "success" },
    ]);
    expect(run.log("train", 0)).toMatch(/keeps its number.*nothing/);
  });

  it("that gives nothing leaves the number, and a long name is cut", async () => {
    expect(names(await runDag(named("{{ nothing }}"), expand))).toEqual([null, null]);
    const [long] = names(await runDag(named("{{ 'x' * 1000 }}"), expand));
    expect(long).toBe("x".repeat(250));
  });

  it("may hold anything a text can, and does so in the history of the run", async () => {
    const run = await runDag(named("{{ task.op_kwargs.x }}\t\n<b>\u{1F600}"), expand);
    expect(names(run)).toEqual(["a\t\n<b>\u{1F600}", "b\t\n<b>\u{1F600}"]);
  });

  it("names the try that is under way: a retry is named anew", async () => {
    const body = `({ x }: any, { ti }: any) => { if (ti.try_number === 1) throw new Error("no"); return x; }`;
    const run = await runDag(named("try {{ ti.try_number }}", body, ", retries: 1, retry_delay: 0"), expand);
    expect(names(run)).toEqual(["try 2", "try 2"]);
  });

  it("must be a text", async () => {
    const project = new Project({
      "dag.ts": `import { dag, task } from "fanout";
        const a = task({ task_id: "a", map_index_template: 5 as any }, () => 1);
        export default dag({ dag_id: "d" }, () => { a(); });`,
    });
    await expect(runToEnd(project)).rejects.toMatchObject({ code: "invalid-argument" });
  });
});
