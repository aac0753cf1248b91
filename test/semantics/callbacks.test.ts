import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type FinishedRun, Project, dagSource, runDag, runToEnd, start, states } from "../runtime/support/project.js";
import { until } from "../support/until.js";

afterEach(() => vi.unstubAllEnvs());

/** Says who was called, and what the context told. */
const tell = `const tell = (name: string) => (context: any) => {
  console.log("called", name, context.ti.map_index, context.ti.try_number, context.exception?.message ?? "-", context.reason ?? "-");
};
const all = {
  on_execute_callback: tell("execute"), on_success_callback: tell("success"), on_failure_callback: tell("failure"),
  on_retry_callback: tell("retry"), on_skipped_callback: tell("skipped"),
};`;

const called = (log: string): string[] => log.split("\n").filter((line) => /^called|^body/.test(line));

describe("§2.11 callbacks of an instance", () => {
  it("are called around a body that succeeds, in its log and with its context", async () => {
    const run = await runDag(
      `${tell} const add = task({ task_id: "add", ...all }, ({ x }: { x: number }) => { console.log("body", x); return x; });`,
      `add.expand({ x: [7, 8] });`,
    );
    expect(called(run.log("add", 1))).toEqual(["called execute 1 1 - -", "body 8", "called success 1 1 - -"]);
    expect(called(run.log("add", 0))).toEqual(["called execute 0 1 - -", "body 7", "called success 0 1 - -"]);
    expect(run.xcom("add")).toEqual([7, 8]);
  });

  it("tell a try that another one follows from a final failure", async () => {
    const run = await runDag(
      `${tell} const fails = task({ task_id: "fails", retries: 1, retry_delay: 0, ...all }, () => { throw new Error("no"); });`,
      `fails();`,
    );
    expect(called(run.log("fails", -1, 1))).toEqual(["called execute -1 1 - -", "called retry -1 1 no -"]);
    expect(called(run.log("fails", -1, 2))).toEqual(["called execute -1 2 - -", "called failure -1 2 no -"]);
  });

  it("of FailException are those of a final failure, whatever the retries", async () => {
    const run = await runDag(
      `${tell} const fails = task({ task_id: "fails", retries: 3, ...all }, () => { throw new FailException("at once"); });`,
      `fails();`,
    );
    expect(called(run.log("fails"))).toEqual(["called execute -1 1 - -", "called failure -1 1 at once -"]);
  });

  it("for being skipped come only where the instance skipped itself, in its body or in a map function", async () => {
    const run = await runDag(
      `${tell} const skips = task({ task_id: "skips", ...all }, () => { throw new SkipException("not today"); });
       const after = task({ task_id: "after", ...all }, () => 1);
       const list = task({ task_id: "list" }, () => [1, 2]);
       const mapped = task({ task_id: "mapped", ...all }, ({ x }: { x: number }) => x);`,
      `chain(skips(), after());
       mapped.expand({ x: list().map((x: number) => { if (x === 2) throw new SkipException(); return x; }) });`,
    );
    expect(called(run.log("skips"))).toEqual(["called execute -1 1 - -", "called skipped -1 1 - -"]);
    expect(run.instance("after").state).toBe("skipped");
    expect(run.log("after")).toBe("");
    expect(states(run.task("mapped"))).toEqual(["success", "skipped"]);
    expect(called(run.log("mapped", 1))).toEqual(["called skipped 1 1 - -"]);
  });

  it("are one function or several, each waited for, and know the context deeper down", async () => {
    const run = await runDag(
      `import { get_current_context } from "fanout";
       import { setTimeout as sleep } from "node:timers/promises";
       const slow = async () => { await sleep(20); console.log("called slow", get_current_context().ti.task_id); };
       const quick = (context: any) => { context.ti.xcom_push({ key: "k", value: 1 }); console.log("called quick"); };
       const a = task({ task_id: "a", on_success_callback: [slow, quick] }, () => 1);
       const b = task({ task_id: "b" }, (_: any, { ti }) => ti.xcom_pull({ task_ids: "a", key: "k" }));`,
      `chain(a(), (b as any)({}));`,
    );
    expect(called(run.log("a"))).toEqual(["called slow a", "called quick"]);
    expect(run.xcom("b")).toBe(1);
  });

  it("that throw are told of with their place, stop no others and change no state", async () => {
    const run = await runDag(
      `const boom = () => {
         throw new TypeError("broken callback");
       };
       const reject = async () => Promise.reject("just a text");
       const fine = () => console.log("called fine");
       const ok = task({ task_id: "ok", on_execute_callback: boom, on_success_callback: [boom, reject, fine] }, () => 5);
       const bad = task({ task_id: "bad", on_failure_callback: [boom, fine] }, () => { throw new Error("no"); });`,
      `ok(); bad();`,
    );
    expect(run.instance("ok")).toMatchObject({ state: "success", xcom: 5, error: null });
    expect(run.log("ok").match(/dag\.ts:3:/g)).toHaveLength(2);
    expect(run.log("ok")).toMatch(/on_success_callback failed: just a text[\s\S]*called fine/);
    expect(run.instance("bad").error).toMatchObject({ code: "task-failed", message: "no" });
    expect(run.log("bad")).toMatch(/dag\.ts:3:[\s\S]*called fine/);
  });

  it("come from default_args too, and stand for every task", async () => {
    const project = new Project({
      "dag.ts": `import { dag, task } from "fanout";
        const told = ({ task }: any) => console.log("called", task.task_id);
        const a = task({ task_id: "a" }, () => 1);
        const b = task({ task_id: "b", on_success_callback: () => console.log("called own") }, () => 1);
        export default dag({ dag_id: "d", default_args: { on_success_callback: told } }, () => { a(); b(); });`,
    });
    const run = await runToEnd(project);
    expect([called(run.log("a")), called(run.log("b"))]).toEqual([["called a"], ["called own"]]);
  });

  it("refuse what is no function when the DAG is made", async () => {
    const run = runDag(`const a = task({ task_id: "a", on_success_callback: ["no"] as any }, () => 1);`, `a();`);
    await expect(run).rejects.toMatchObject({ code: "invalid-argument" });
  });
});

describe("§2.11 callbacks of an instance whose process is gone", () => {
  const crash = "process.kill(process.pid, 'SIGKILL'); await new Promise(() => undefined);";

  it("are called in another process, in the instance's log", async () => {
    const run = await runDag(
      `${tell} const dies = task({ task_id: "dies", retries: 1, retry_delay: 0, ...all }, async ({ x }: any) => { console.log("body", x); ${crash} });`,
      `dies.expand({ x: [7, 8] } as any);`,
    );
    expect(states(run.task("dies"))).toEqual(["failed", "failed"]);
    expect(run.instance("dies", 1).error?.code).toBe("worker-died");
    const message = "The process that ran this instance was ended by SIGKILL.";
    expect(called(run.log("dies", 1, 1))).toEqual([
      "called execute 1 1 - -",
      "body 8",
      `called retry 1 1 ${message} -`,
    ]);
    expect(called(run.log("dies", 1, 2))).toEqual([
      "called execute 1 2 - -",
      "body 8",
      `called failure 1 2 ${message} -`,
    ]);
  });

  it("are called where it ran out of time, and where an error came late", async () => {
    const run = await runDag(
      `${tell} const slow = task({ task_id: "slow", execution_timeout: 0.2, ...all }, () => { for (;;); });
       const late = task({ task_id: "late", ...all }, async () => {
         setTimeout(() => { throw new Error("too late"); });
         await new Promise(() => undefined);
       });`,
      `slow(); late();`,
    );
    expect(run.instance("slow").error?.code).toBe("task-timeout");
    expect(called(run.log("slow")).at(-1)).toMatch(/^called failure -1 1 'slow' ran longer/);
    expect(run.instance("late").error).toMatchObject({ code: "task-failed", message: "too late" });
    expect(called(run.log("late"))).toEqual(["called execute -1 1 - -", "called failure -1 1 too late -"]);
  });

  it("that crash themselves take nothing along", async () => {
    const run = await runDag(
      `const crash = async () => { console.log("called crash"); ${crash} };
       const ok = task({ task_id: "ok", on_success_callback: crash }, () => 5);
       const dies = task({ task_id: "dies", on_failure_callback: crash }, async () => { ${crash} });
       const after = task({ task_id: "after" }, ({ x }: { x: number }) => x);`,
      `after({ x: ok() }); dies();`,
    );
    expect(run.instance("ok")).toMatchObject({ state: "success", xcom: 5 });
    expect(run.xcom("after")).toBe(5);
    expect(run.instance("dies").error?.code).toBe("worker-died");
    expect([called(run.log("ok")), called(run.log("dies"))]).toEqual([["called crash"], ["called crash"]]);
  });
});

describe("§2.11 callbacks that hang", () => {
  it("are ended, and the instance keeps the state that it has", async () => {
    vi.stubEnv("AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT", "0.3");
    const run = await runDag(
      `const loop = () => { console.log("called loop"); for (;;); };
       const wait = async () => { console.log("called wait"); await new Promise(() => undefined); };
       const looping = task({ task_id: "looping", on_success_callback: loop }, ({ x }: { x: number }) => x);
       const waiting = task({ task_id: "waiting", on_failure_callback: wait }, () => { throw new Error("no"); });
       const early = task({ task_id: "early", on_execute_callback: loop }, () => 1);`,
      `looping.expand({ x: [1, 2] }); waiting(); early();`,
    );
    expect(states(run.task("looping"))).toEqual(["success", "success"]);
    expect(run.xcom("looping")).toEqual([1, 2]);
    expect(run.log("looping", 1)).toMatch(/called loop\n.*longer than 0\.3 seconds/);
    expect(run.instance("waiting").error).toMatchObject({ code: "task-failed", message: "no" });
    expect(run.log("waiting")).toMatch(/called wait\n.*longer than 0\.3 seconds/);
    // Before the body there is nothing to keep.
    expect(run.instance("early").error?.code).toBe("task-timeout");
  });

  it("do not outlive a run that is cancelled", async () => {
    const project = new Project({
      "dag.ts": dagSource(
        `const wait = async () => { console.log("called wait"); await new Promise(() => undefined); };
         const a = task({ task_id: "a", on_success_callback: wait }, () => 5);`,
        `a();`,
      ),
    });
    const handle = await start(project);
    const log = (): string => readFileSync(`${handle.dir}/logs/w0.log`, "utf8");
    await until(() => log().includes("called wait"));
    handle.cancel();
    expect(await handle.done).toMatchObject({ state: "failed", cancelled: true });
    expect(project.history().instance(handle.run_id, "a", -1)).toMatchObject({ state: "success", xcom: 5 });
  });

  it.each(["0", "-1", "soon"])("need a limit that is no '%s'", async (limit) => {
    vi.stubEnv("AIRFLOW__DAG_PROCESSOR__DAG_FILE_PROCESSOR_TIMEOUT", limit);
    await expect(runDag(`const a = task({ task_id: "a" }, () => 1);`, `a();`)).rejects.toMatchObject({
      code: "invalid-option",
    });
  });
});

describe("§2.11 callbacks of a DAG", () => {
  const runDagWith = (definitions: string, body: string): Promise<FinishedRun> =>
    runToEnd(
      new Project({
        "dag.ts": `import { dag, task, chain } from "fanout"; ${tell}
          ${definitions}
          export default dag({ dag_id: "d", on_success_callback: tell("success"), on_failure_callback: [tell("failure"), () => {
            throw new Error("broken");
          }] }, () => { ${body} });`,
      }),
    );

  it("are called once when all is over, with the reason, before the run is", async () => {
    const run = await runDagWith(
      `const a = task({ task_id: "a" }, ({ x }: { x: number }) => x); const z = task({ task_id: "z" }, () => 1);`,
      `chain(a.expand({ x: [1, 2] }), z());`,
    );
    expect(called(run.history.dagLog(run.run_id))).toEqual(["called success -1 1 - success"]);
    expect(run.events.at(-1)?.type).toBe("run_finished");
    expect([run.log("z"), run.result.state]).toEqual(["", "success"]);
  });

  it("of a failure get the context of what failed last, and cannot change the state by throwing", async () => {
    const run = await runDagWith(
      `const a = task({ task_id: "a" }, ({ x }: { x: number }) => { if (x === 2) throw new Error("no"); });
       const z = task({ task_id: "z", trigger_rule: "all_done" }, () => { throw new Error("last"); });`,
      `chain(a.expand({ x: [1, 2] }), z());`,
    );
    const log = run.history.dagLog(run.run_id);
    expect(called(log)).toEqual(["called failure -1 1 - task_failure"]);
    expect(log).toMatch(/on_failure_callback of the DAG failed: Error: broken[\s\S]*dag\.ts:/);
    expect(run.result.state).toBe("failed");
  });

  it("are not called where the run was cancelled", async () => {
    const project = new Project({
      "dag.ts": `import { dag, task } from "fanout"; ${tell}
        const a = task({ task_id: "a" }, () => new Promise(() => undefined));
        export default dag({ dag_id: "d", on_failure_callback: tell("failure") }, () => { a(); });`,
    });
    const handle = await start(project);
    await until(() => project.history().instance(handle.run_id, "a", -1).state === "running");
    handle.cancel();
    await handle.done;
    expect(project.history().dagLog(handle.run_id)).toBe("");
  });
});

describe("§4 7 hooks of an operator", () => {
  it("are called before and after execute, around on_execute_callback", async () => {
    const run = await runDag(
      `${tell} class Load extends BaseOperator<{ n: number }, number> {
         override async pre_execute({ ti }: any) { console.log("body pre", ti.map_index); }
         execute() { console.log("body", this.args.n); return this.args.n; }
         override post_execute(_: any, result: number) { console.log("body post", result); }
       }`,
      `new Load({ task_id: "one", n: 5, ...all }); Load.partial({ task_id: "many", ...all }).expand({ n: [6, 7] });`,
    );
    const expected = (index: number, n: number): string[] => [
      ...[`body pre ${index}`, `called execute ${index} 1 - -`, `body ${n}`],
      ...[`body post ${n}`, `called success ${index} 1 - -`],
    ];
    expect(called(run.log("one"))).toEqual(expected(-1, 5));
    expect(called(run.log("many", 1))).toEqual(expected(1, 7));
    expect(run.xcom("many")).toEqual([6, 7]);
  });

  it("fail and skip the instance as its body does", async () => {
    const run = await runDag(
      `class Fails extends BaseOperator<object, number> {
         override pre_execute() { throw new SkipException("no need"); }
         execute() { return 1; }
       }
       class After extends BaseOperator<object, number> {
         execute() { return 1; }
         override async post_execute() { throw new Error("not good"); }
       }`,
      `new Fails({ task_id: "skips" }); new After({ task_id: "fails" });`,
    );
    expect(run.instance("skips").state).toBe("skipped");
    expect(run.instance("fails")).toMatchObject({ state: "failed", xcom: null, error: { message: "not good" } });
  });
});
