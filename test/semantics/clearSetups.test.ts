import { describe, expect, it } from "vitest";
import { planAction } from "../../runtime/src/engine/actions/plan.js";
import { NotedProject, clear, goOn } from "../runtime/support/notedProject.js";
import { runToEnd } from "../runtime/support/project.js";

const GUARDED = `
import { setup, teardown, task_group, type XComArg } from "fanout";
const create = setup({ task_id: "create" }, (_: any, { ti }) => { note("create"); return \`resource \${ti.try_number}\`; });
const work = task({ task_id: "work" }, ({ id, n }: { id: string; n: number }) => note(\`work \${n} with \${id}\`));
const work1 = task({ task_id: "work1", retries: 0 }, ({ id }: { id: string }) => {
  note(\`work1 with \${id}\`);
  if (given().bad) throw new Error("bad");
});
const remove = teardown({ task_id: "remove" }, ({ id }: { id: string }) => note(\`remove \${id}\`));
const after = task({ task_id: "after" }, () => note("after"));`;
const GUARDED_BODY = `const id = create({} as any) as any;
chain(id, [work.partial({ id }).expand({ n: [1, 2] }), work1({ id })], remove({ id }).as_teardown({ setups: id }), after());`;

async function guarded(): Promise<{ project: NotedProject; run_id: string }> {
  const project = new NotedProject(GUARDED, GUARDED_BODY);
  const { run_id } = await runToEnd(project);
  project.notes();
  return { project, run_id };
}

describe("§2.12 clearing what lies between a setup and its teardown", () => {
  it.each([
    ["work", { task_id: "work1" }, ["create", "remove resource 2", "work1 with resource 2"]],
    ["one instance", { task_id: "work", map_index: 1 }, ["create", "remove resource 2", "work 2 with resource 2"]],
    ["the setup", { task_id: "create" }, ["create", "remove resource 2"]],
    ["the teardown", { task_id: "remove" }, ["remove resource 1"]],
    ["what lies behind both", { task_id: "after" }, ["after"]],
  ])("clears %s together with what that cannot do without", async (_, selection, ran) => {
    const { project, run_id } = await guarded();
    const { result, events } = await goOn(project, run_id, clear(selection));
    expect(project.notes()).toEqual(ran);
    expect(result.state).toBe("success");
    const [started] = events;
    const told = started?.type === "run_started" ? (started.resumed?.instances ?? []) : [];
    expect(told.map(({ task_id }) => task_id).sort()).toEqual(ran.map((note) => note.split(" ")[0]));
  });

  it("plans what it does, and does not for a mark", async () => {
    const { project, run_id } = await guarded();
    const selection = { task_id: "work1" };
    const planned = (name: "clear" | "mark") =>
      planAction(project.home, run_id, { name, selection }).map(({ task_id, map_index }) => [task_id, map_index]);
    expect(planned("clear")).toEqual([
      ["create", -1],
      ["work1", -1],
      ["remove", -1],
    ]);
    expect(planned("mark")).toEqual([["work1", -1]]);
  });

  it("does so, too, where only what failed is meant", async () => {
    const project = new NotedProject(GUARDED, GUARDED_BODY);
    project.give({ bad: true });
    const { run_id } = await runToEnd(project);
    project.notes();
    project.give({});
    await goOn(project, run_id, clear({ only_failed: true }));
    expect(project.notes()).toEqual(expect.arrayContaining(["create", "remove resource 2", "work1 with resource 2"]));
  });

  it("stays at its index in a mapped group", async () => {
    const project = new NotedProject(
      `${GUARDED}
const make = setup({ task_id: "make" }, ({ x }: { x: number }) => { note(\`make \${x}\`); return x; });
const use = task({ task_id: "use" }, ({ x }: { x: number }) => note(\`use \${x}\`));
const drop = teardown({ task_id: "drop" }, ({ x }: { x: number }) => note(\`drop \${x}\`));
const each = task_group({ group_id: "each" }, ({ x }: { x: XComArg<number> }) => {
  const made = make({ x });
  chain(made, use({ x: made }), drop({ x: made }).as_teardown({ setups: made }));
});`,
      `each.expand({ x: [1, 2, 3] });`,
    );
    const { run_id } = await runToEnd(project);
    project.notes();
    await goOn(project, run_id, clear({ task_id: "each.use", map_index: 1 }));
    expect(project.notes()).toEqual(["drop 2", "make 2", "use 2"]);
  });
});
