import { BaseOperator } from "fanout";
import { describe, expect, it } from "vitest";
import { TEARDOWN_RULE, TRIGGER_RULES, type TriggerRule, type UpstreamCounts, judge } from "#core/model/triggerRule.js";
import type { Axis, PlanTask } from "../../runtime/src/engine/plan.js";
import { Scheduler } from "../../runtime/src/engine/scheduler.js";
import { add, loose, numbers, refusal } from "../authoring/declare.js";
import { UPSTREAM_STATES, type UpstreamState, tableSays, teardownTableSays } from "../support/triggerRuleTable.js";
import { Project, type FinishedRun, dagSource, runDag, runToEnd } from "../runtime/support/project.js";
import { dagPolicy, taskPolicy } from "../support/planTasks.js";

/** Every multiset of up to `size` upstream states. */
function multisets(size: number, from = 0): UpstreamState[][] {
  if (size === 0) return [[]];
  const first = UPSTREAM_STATES.slice(from).flatMap((state, index) =>
    multisets(size - 1, from + index).map((rest) => [state, ...rest]),
  );
  return [[], ...first];
}

const ALL = multisets(4);

function countsOf(states: readonly UpstreamState[]): UpstreamCounts {
  const count = (state: UpstreamState): number => states.filter((one) => one === state).length;
  return {
    success: count("success"),
    failed: count("failed"),
    skipped: count("skipped"),
    upstream_failed: count("upstream_failed"),
  };
}

/** An upstream task with an instance for each state. */
interface UpstreamTask {
  readonly states: readonly UpstreamState[];
  /** `literal`: it has instances from the beginning. `sourced`: it waits for what it maps over. */
  readonly mapped: "no" | "literal" | "sourced";
}

/** What the engine decides for one task with this rule behind these; what they map over comes after it in the plan. */
function decided(rule: TriggerRule, upstream: readonly UpstreamTask[], role: PlanTask["role"] = null): string {
  const last = upstream.length;
  const source = last + 1;
  const axesOf = ({ mapped, states }: UpstreamTask): Axis[] | null => {
    if (mapped === "no") return null;
    return [mapped === "literal" ? { type: "fixed", length: states.length } : { type: "result", task: source }];
  };
  const task = (position: number, links: Pick<PlanTask, "upstream" | "downstream" | "axes">): PlanTask => ({
    ...taskPolicy({ trigger_rule: rule }),
    ...{ task_id: `t${position}`, group: null, fingerprint: "", role: position === last ? role : null },
    ...links,
  });
  const before = upstream.map((one, position) => {
    const isSourced = one.mapped === "sourced";
    return task(position, { upstream: isSourced ? [source] : [], downstream: [last], axes: axesOf(one) });
  });
  const target = task(last, { upstream: upstream.map((_, position) => position), downstream: [], axes: null });
  const sourced = upstream.flatMap(({ mapped }, position) => (mapped === "sourced" ? [position] : []));
  const tasks = [...before, target, task(source, { upstream: [], downstream: sourced, axes: null })];
  const scheduler = new Scheduler({ dag_id: "d", policy: dagPolicy(), groups: [], tasks });
  const effects = [...scheduler.begin()];
  for (const [position, { states, mapped }] of upstream.entries()) {
    for (const [index, state] of states.entries()) {
      if (state === "open" || mapped === "sourced" || states.length === 0) continue;
      const map_index = mapped === "no" ? -1 : index;
      scheduler.ended({ task: position, map_index, state, hasResult: false, length: null, skips: [] });
    }
  }
  effects.push(...scheduler.decide());
  const effect = effects.find((one) => one.type !== "end" && one.task === last);
  return effect === undefined ? "wait" : effect.type === "settle" ? effect.state : effect.type;
}

describe("§2.9 every trigger rule, for every multiset of up to four upstream states", () => {
  it("has 126 multisets", () => {
    expect(new Set(ALL.map((states) => states.join())).size).toBe(126);
    expect(ALL).toHaveLength(new Set(ALL.map((states) => states.join())).size);
  });

  it.each(TRIGGER_RULES)("%s says what the table says", (rule) => {
    for (const states of ALL) {
      expect([states, judge(rule, countsOf(states), states.length)]).toEqual([states, tableSays(rule, states)]);
    }
  });

  it.each(TRIGGER_RULES)("%s counts each instance of a mapped task as one upstream", (rule) => {
    for (const states of ALL) {
      for (let mapped = 0; mapped <= states.length; mapped++) {
        const instances: UpstreamTask[] = mapped === 0 ? [] : [{ states: states.slice(0, mapped), mapped: "literal" }];
        const singles = states.slice(mapped).map((state): UpstreamTask => ({ states: [state], mapped: "no" }));
        expect([states, mapped, decided(rule, [...instances, ...singles])]).toEqual([
          ...[states, mapped, tableSays(rule, states)],
        ]);
      }
    }
  });

  it.each(TRIGGER_RULES)("%s counts a mapped task that is not expanded as one", (rule) => {
    expect(decided(rule, [{ states: [], mapped: "sourced" }])).toBe(tableSays(rule, ["open"]));
    const nothingToMapOver: UpstreamTask = { states: [], mapped: "literal" };
    expect(decided(rule, [nothingToMapOver])).toBe(tableSays(rule, ["skipped"]));
  });
});

describe("§2.9 all_done_setup_success, the rule of teardowns", () => {
  it("says what the table says, for every multiset of setups beside every multiset of other tasks", () => {
    for (const setups of multisets(3)) {
      for (const others of multisets(2)) {
        const states = [...setups, ...others];
        const says = judge(TEARDOWN_RULE, countsOf(states), states.length, countsOf(setups));
        expect([setups, others, says]).toEqual([setups, others, teardownTableSays(setups, others)]);
      }
    }
  });

  it("takes the place of whatever rule a teardown has", () => {
    for (const states of multisets(2)) {
      const upstream = states.map((state): UpstreamTask => ({ states: [state], mapped: "no" }));
      for (const rule of TRIGGER_RULES) expect(decided(rule, upstream, "teardown")).toBe(teardownTableSays([], states));
    }
  });
});

const tasks = `
  import { existsSync, writeFileSync } from "node:fs";
  const at = import.meta.dirname ?? process.cwd();
  const ok = task({ task_id: "ok" }, () => "ok");
  const bad = task({ task_id: "bad" }, () => { throw new Error("boom"); });
  const skip = task({ task_id: "skip" }, () => { throw new SkipException(); });`;

/** `slow` ends only when `after` has run: where `after` waited for it, the run would fail. */
function early(rule: TriggerRule, upstream: string): Promise<FinishedRun> {
  const project = new Project();
  const flag = JSON.stringify(project.path("after-has-run"));
  const definitions = `${tasks}
    const slow = task({ task_id: "slow" }, async () => {
      for (let waited = 0; waited < 30_000 && !existsSync(${flag}); waited += 20) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      if (!existsSync(${flag})) throw new Error("'after' waited");
      return "slow"; });
    const after = task({ task_id: "after", trigger_rule: "${rule}" }, ({ seen }: { seen?: unknown }) => {
      writeFileSync(${flag}, ""); return { seen }; });
    const later = task({ task_id: "later", trigger_rule: "all_done" }, ({ seen }: { seen?: unknown }) => ({ seen }));`;
  const body = `const s = slow(); chain(${upstream === "" ? "" : `${upstream}, `}after({ seen: s } as any), later({ seen: s } as any));`;
  project.write({ "dag.ts": dagSource(definitions, body) });
  return runToEnd(project);
}

describe("§2.9 rules that do not wait", () => {
  it.each([
    ["one_success", "ok()"],
    ["one_failed", "bad()"],
    ["one_done", "bad()"],
    ["always", ""],
  ] as const)("%s starts before its upstream tasks are done", async (rule, upstream) => {
    const run = await early(rule, upstream);
    expect(run.task("slow").state).toBe("success");
    // Nothing is there yet for the one that started early; the one that waited gets it all the same.
    expect([run.xcom("after"), run.xcom("later")]).toEqual([{ seen: null }, { seen: "slow" }]);
  });

  it("an early reduce gets the results that exist, a later one all of them", async () => {
    const project = new Project();
    const flag = JSON.stringify(project.path("reduced"));
    const definitions = `import { existsSync, writeFileSync } from "node:fs";
      const work = task({ task_id: "work" }, async ({ x }: { x: number }) => {
        for (let waited = 0; x < 2 && waited < 30_000 && !existsSync(${flag}); waited += 20) {
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
        return x; });
      const first = task({ task_id: "first", trigger_rule: "one_success" }, ({ xs }: { xs: readonly number[] }) => {
        writeFileSync(${flag}, ""); return [...xs]; });
      const total = task({ task_id: "total" }, ({ xs }: { xs: readonly number[] }) => [...xs]);`;
    const body = `const xs = work.expand({ x: [0, 1, 2] }); first({ xs }); total({ xs });`;
    project.write({ "dag.ts": dagSource(definitions, body) });
    const run = await runToEnd(project, { parallelism: 4 });
    expect([run.xcom("first"), run.xcom("total")]).toEqual([[2], [0, 1, 2]]);
  });
});

describe("§2.9 a task that started early", () => {
  it("sees with every try what is there by then", async () => {
    const definitions = `${tasks}
      const work = task({ task_id: "work" }, ({ x }: { x: number }) => x);
      const early = task({ task_id: "early", trigger_rule: "one_success", retries: 50, retry_delay: 0 },
        ({ xs }: { xs: readonly number[] }) => {
          if (xs.length < 2) throw new Error("not yet");
          return [...xs]; });`;
    const body = `const xs = work.expand({ x: [1, 2] }); chain(task({ task_id: "gate" }, () => 1)(), xs);
      chain(ok(), early({ xs }));`;
    const run = await runDag(definitions, body, { parallelism: 1 });
    expect(run.xcom("early")).toEqual([1, 2]);
  });
});

describe("§2.9 real runs", () => {
  it("end as the table says behind a success, a failure and a skip", async () => {
    const definitions = `${tasks} const after = (rule: any) => task({ task_id: rule, trigger_rule: rule }, () => rule);`;
    const body = `const [o, b, s] = [ok(), bad(), skip()];
      for (const rule of ${JSON.stringify(TRIGGER_RULES)}) chain([o, b, s] as any, after(rule)());`;
    const run = await runDag(definitions, body);
    const ends: Record<string, string> = { run: "success" };
    for (const rule of TRIGGER_RULES) {
      // The engine sees results one after the other: a rule that settles early decides by what came first.
      const possible = orders<UpstreamState>(["success", "failed", "skipped"]).map((states) => {
        const seen = states.map((_, index) => states.map((state, at): UpstreamState => (at <= index ? state : "open")));
        return seen.map((some) => tableSays(rule, some)).find((verdict) => verdict !== "wait") ?? "wait";
      });
      expect(possible.map((verdict) => ends[verdict] ?? verdict)).toContain(run.task(rule).state);
    }
  });

  it("a failed or skipped source of a mapping decides, whatever the rule", async () => {
    const definitions = `${tasks}
      const echo = (rule: any) => task({ task_id: rule, trigger_rule: rule }, ({ x }: any) => x);`;
    const rules = ["all_done", "all_failed", "one_failed", "one_done", "none_failed", "all_skipped"] as const;
    for (const [source, state] of [
      ["bad", "upstream_failed"],
      ["skip", "skipped"],
    ] as const) {
      const body = `const s = ${source}(); for (const rule of ${JSON.stringify(rules)}) echo(rule).expand({ x: s } as any);`;
      const run = await runDag(definitions, body);
      for (const rule of rules) {
        const says = tableSays(rule, [state === "skipped" ? "skipped" : "failed"]);
        expect([rule, run.task(rule).state]).toEqual([rule, says === "run" ? state : says]);
      }
    }
  });
});

describe("§3.6 trigger_rule 'always' cannot wait for what it would map over", () => {
  const always = loose(add.override({ trigger_rule: "always" }));
  class Load extends BaseOperator<{ sql: string }> {
    execute(): null {
      return null;
    }
  }
  const load = loose(Load);
  const source = (): unknown => numbers();

  it.each([
    ["DTM507: expand", "always-with-mapping", () => always.partial({ y: 1 }).expand({ x: source() })],
    ["DTM508: expand_kwargs", "always-with-mapping", () => always.expand_kwargs([{ x: source(), y: 1 }])],
    ["DTM508: expand_kwargs of a result", "always-with-mapping", () => always.expand_kwargs(source())],
    [
      "DTM510: an operator",
      "always-with-mapping",
      () => load.partial({ task_id: "l", trigger_rule: "always" }).expand({ sql: source() }),
    ],
    ["a literal list", "none", () => always.partial({ y: 1 }).expand({ x: [1, 2] })],
    ["a shared input", "none", () => always.partial({ y: source() }).expand({ x: [1, 2] })],
  ])("%s gives %s", (_name, code, body) => {
    expect(refusal(body)).toBe(code);
  });

  it("DTM511: from default_args", () => {
    const body = (): unknown => loose(add).partial({ y: 1 }).expand({ x: source() });
    expect(refusal(body, { default_args: { trigger_rule: "always" } })).toBe("always-with-mapping");
  });
});

function orders<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) => orders(items.filter((_, at) => at !== index)).map((rest) => [item, ...rest]));
}
