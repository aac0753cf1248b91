import { describe, expect, it } from "vitest";
import { runDag } from "../runtime/support/project.js";

const DATE = new Date("2022-04-02T10:30:00.500Z");

const SHOW = `
  import { get_current_context } from "fanout";
  const pick = task({ task_id: "pick" }, (_: {}, context: any) => {
    const { conn: _conn, var: _var, macros: _macros, ...plain } = context;
    return JSON.parse(JSON.stringify(plain));
  });
  const up = task({ task_id: "up" }, () => 1);`;

describe("§2.2 the context of a task", () => {
  it("holds Airflow's names, with what is known of the run, the DAG, the task and the instance", async () => {
    const body = `chain(up(), pick.override({ retries: 2, pool_slots: 1 })());`;
    const done = await runDag(SHOW, body, { logical_date: DATE, params: { n: 1 } });
    const context = done.xcom("pick") as Record<string, unknown>;
    const at = DATE.toJSON();
    expect(context).toMatchObject({
      dag: { dag_id: "d", description: null, schedule: null, tags: [], catchup: false, timezone: "UTC" },
      dag_run: {
        dag_id: "d",
        run_id: done.run_id,
        run_type: "manual",
        logical_date: at,
        end_date: null,
        conf: { n: 1 },
      },
      task: {
        task_id: "pick",
        retries: 2,
        trigger_rule: "all_success",
        upstream_task_ids: ["up"],
        downstream_task_ids: [],
      },
      ti: { dag_id: "d", task_id: "pick", run_id: done.run_id, map_index: -1, try_number: 1, max_tries: 2 },
      ...{ run_id: done.run_id, logical_date: at, data_interval_start: at, data_interval_end: at },
      ...{ ds: "2022-04-02", ds_nodash: "20220402", ts: "2022-04-02T10:30:00.500000+00:00" },
      ...{ ts_nodash: "20220402T103000", ts_nodash_with_tz: "20220402T103000+0000" },
      ...{ try_number: 1, map_index: -1, map_index_template: null, expanded_ti_count: null, params: { n: 1 } },
      ...{ prev_data_interval_start_success: null, prev_start_date_success: null },
      task_instance_key_str: "d__pick__20220402",
    });
    expect(context["task_instance"]).toEqual(context["ti"]);
  });

  it("tells each instance of a mapped task its own place", async () => {
    const place = `const place = task({ task_id: "place" }, ({ x }: { x: number }, c: any) =>
      [x, c.map_index, c.ti.map_index, c.expanded_ti_count, c.task.op_kwargs.x]);`;
    const done = await runDag(place, `place.expand({ x: [7, 8] });`);
    expect([done.xcom("place", 0), done.xcom("place", 1)]).toEqual([
      [7, 0, 0, 2, 7],
      [8, 1, 1, 2, 8],
    ]);
  });

  it("is what get_current_context() gives, and takes names of the task's own", async () => {
    const own = `import { get_current_context } from "fanout";
      const deep = () => { get_current_context()["city"] = "Berlin"; };
      const own = task({ task_id: "own" }, (_: {}, context: any) => { deep(); return [context.city, context === get_current_context()]; });
      const next = task({ task_id: "next" }, (_: {}, context: any) => "city" in context);`;
    const done = await runDag(own, `chain(own(), next());`, { parallelism: 1 });
    expect(done.xcom("own")).toEqual(["Berlin", true]);
    expect(done.xcom("next")).toBe(false);
  });

  it("has macros for texts that are dates", async () => {
    const dates = `const dates = task({ task_id: "dates" }, (_: {}, { macros, ds }: any) =>
      [macros.ds_add(ds, 30), macros.ds_format(ds, "%Y-%m-%d", "%d %b %y, %A"), macros.random() < 1]);`;
    const done = await runDag(dates, `dates();`, { logical_date: DATE });
    expect(done.xcom("dates")).toEqual(["2022-05-02", "02 Apr 22, Saturday", true]);
  });
});
