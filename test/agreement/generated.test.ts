import { chain, dag, task } from "fanout";
import { expect, it } from "vitest";
import { collectDags } from "../../runtime/src/authoring/registry.js";
import { toModel } from "../../runtime/src/authoring/toModel.js";
import { comparableModel } from "../support/comparableModel.js";
import { createMemoryProject } from "../support/memoryProject.js";
import { randomBody } from "../support/randomDag.js";

const FIRST_SEED = Number(process.env["FANOUT_SEED"] ?? 1);
const COUNT = Number(process.env["FANOUT_PROGRAMS"] ?? 60);

it("reading and executing agree on code that is written by chance", async () => {
  const { workspace, fixture } = createMemoryProject("export {};");
  for (let seed = FIRST_SEED; seed < FIRST_SEED + COUNT; seed++) {
    const body = randomBody(seed);
    const executed = await execute(body);
    if (executed === undefined) continue;
    const source = `import { chain, dag, task } from "fanout";\ndag({ dag_id: "made" }, () => {\n${body}\n});\n`;
    workspace.changeDocument(fixture.main, source, seed + 1);
    const [read] = workspace.analyze(fixture.main).dags;
    expect(read && comparableModel(read.model), `seed ${seed}:\n${source}`).toEqual(comparableModel(executed));
  }
});

/** Undefined where the DAG is refused, e.g. for a cycle. */
async function execute(body: string) {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the text comes from `randomBody`
  const run = new Function("dag", "task", "chain", `dag({ dag_id: "made" }, () => {\n${body}\n});`) as (
    ...api: readonly unknown[]
  ) => void;
  try {
    const { dags } = await collectDags(() => {
      run(dag, task, chain);
    });
    return dags[0] && toModel(dags[0]);
  } catch (error) {
    if (error instanceof Error && "code" in error) return undefined;
    throw error;
  }
}
