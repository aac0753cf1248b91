import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planAction } from "../../runtime/src/engine/actions/plan.js";
import { ManualClock } from "../../runtime/src/engine/clock.js";
import { NotedProject, clear, goOn, task } from "../runtime/support/notedProject.js";
import { type FinishedRun, runToEnd, states } from "../runtime/support/project.js";

const DEFINITIONS = `
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const step = (task_id: string) => task({ task_id }, (_: unknown) => { note(task_id); return [1, 2]; });
const bad = task({ task_id: "bad" }, async () => {
  note("bad");
  while (given().bad && !given().now) await pause(20);
  if (given().bad) throw new Error("bad");
});
const slow = task({ task_id: "slow" }, async () => { note("slow"); if (given().slow) await pause(60_000); return [3]; });
const none = task({ task_id: "none" }, () => { note("none"); throw new SkipException("nothing to do"); });
const work = task({ task_id: "work" }, ({ x }: { x: number }) => note(\`work \${x}\`));
const choose = task.branch({ task_id: "choose" }, () => "left");
const looks = task.sensor({ task_id: "looks", mode: "reschedule", poke_interval: 3600 }, () => given().there === true);`;
const BODY = `
const xs = slow();
work.expand({ x: xs }); chain(xs, step("behind")({} as any));
chain(bad(), step("next")({} as any)); chain(none(), step("honest")({} as any));
chain(choose(), [step("left")({} as any), step("right")({} as any)]); looks();`;
/** What a branch, or an instance itself, decided to skip. */
const HONEST = ["honest", "none", "right"];

function project(options: string): NotedProject {
  const made = new NotedProject(DEFINITIONS, BODY);
  const source = readFileSync(made.path("dag.ts"), "utf8");
  made.write({ "dag.ts": source.replace(/dag\(\{/, `dag({ ${options}`) });
  return made;
}

function skipped({ run }: Pick<FinishedRun, "run">): string[] {
  return run.tasks.filter(({ state }) => state === "skipped").map(({ task_id }) => task_id);
}

/** Calls `then` as soon as all that is to be decided before the end is. */
async function endingRun(made: NotedProject, clock: ManualClock, then: () => void): Promise<FinishedRun> {
  made.give({ bad: true, slow: true });
  const standing = new Map<string, string>();
  const due = [...HONEST, "looks"];
  return runToEnd(made, {
    ...{ parallelism: 4, clock },
    onEvent: (event) => {
      if (event.type !== "instances_changed") return;
      for (const { state } of event.changes) standing.set(event.task_id, state);
      const isDue = due.every((one) => ["skipped", "up_for_reschedule"].includes(standing.get(one) ?? ""));
      if (isDue && standing.get("slow") === "running") setImmediate(then);
    },
  });
}

describe("§2.12 clearing only what failed", () => {
  it.each([
    ["its first failure", "fail_fast: true,", "fail-fast"],
    ["its time", "dagrun_timeout: { minutes: 30 },", "dagrun-timeout"],
  ])("takes what %s kept from running, and no other skip", async (_, options, code) => {
    const made = project(options);
    const clock = new ManualClock(Date.now());
    const ended = await endingRun(made, clock, () => {
      if (code === "fail-fast") made.give({ bad: true, slow: true, now: true });
      else clock.advance(1_800_000);
    });
    const { run_id } = ended;
    expect(skipped(ended)).toEqual(expect.arrayContaining([...HONEST, "work", "behind", "next", "looks"]));
    expect(ended.instance("behind").error?.code).toBe(code);
    expect(ended.instance("looks").error?.code).toBe(code);
    expect(ended.instance("honest").error).toBeNull();
    made.notes();
    made.give({ there: true });
    const action = clear({ only_failed: true });
    const planned = planAction(made.home, run_id, action).map(({ task_id }) => task_id);
    expect(planned.sort()).toEqual(["bad", "behind", "looks", "next", "slow", "work"]);
    const { run, result } = await goOn(made, run_id, action);
    expect(made.notes()).toEqual(["bad", "behind", "next", "slow", "work 3"]);
    expect(result.state).toBe("success");
    expect(skipped({ run }).sort()).toEqual(HONEST);
    expect(states(task(run, "work"))).toEqual(["success"]);
  });
});
