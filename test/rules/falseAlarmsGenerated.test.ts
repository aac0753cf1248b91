import { expect, it } from "vitest";
import type { DagModel } from "#core/model/dag.js";
import { groupMapCount, mapCount } from "#core/model/graph.js";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { campaign } from "../support/campaign.js";
import { executeGenerated } from "../support/executeGenerated.js";
import { type MemoryProject, createMemoryProject } from "../support/memoryProject.js";
import { randomDags } from "../support/randomDag.js";
import { generatedFile, generatedProject } from "../support/randomHelpers.js";

const FIRST_SEED = Number(process.env["FANOUT_SEED"] ?? 1);
const COUNT = Number(process.env["FANOUT_PROGRAMS"] ?? campaign({ small: 30, middle: 60, full: 1000 }));
const seeds = Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index);

it("no rule says anything of DAGs that are written by chance and accepted", () => {
  const project = createMemoryProject(generatedProject);
  for (const seed of seeds) {
    const body = validBody(seed);
    const executed = executeGenerated(body, false);
    if (executed !== undefined) expectSilence(project, body, seed, executed);
  }
});

it("no rule says anything of what is accepted whichever way a run decides", () => {
  const project = createMemoryProject(generatedProject);
  for (const seed of seeds) {
    const body = validBody(seed, ["flag"]);
    const executed = [true, false].map((flag) => executeGenerated(body, flag));
    const models = executed.flatMap((dags) => dags ?? []);
    if (executed.every((dags) => dags !== undefined)) expectSilence(project, body, seed, models);
  }
});

function expectSilence(
  { workspace, fixture }: MemoryProject,
  body: string,
  seed: number,
  executed: readonly DagModel[],
): void {
  const source = generatedFile(body);
  workspace.changeDocument(fixture.main, source, seed + 1);
  const facts = workspace.analyze(fixture.main);
  const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(fixture.main) });
  const alarms = findings
    .filter(({ severity }) => severity === "error" || severity === "warning")
    // Lists are changed by chance, and some of them are empty then.
    .filter(({ rule }) => rule !== "zero-length" || !executed.some(hasNoInstances))
    // These DAGs are loaded, not run: whether a result can be mapped over would show only then.
    .filter(({ rule, phase }) => phase === 1 || !(rule === "not-a-list" || rule === "not-mappable"))
    .map(({ rule, span, message }) => `${span.line} ${rule}: ${message}`);
  expect(alarms, `seed ${seed}:\n${source}`).toEqual([]);
}

function hasNoInstances(model: DagModel): boolean {
  const counts = [
    ...model.tasks.map((task) => mapCount(task, model)),
    ...model.groups.map((group) => groupMapCount(group, model)),
  ];
  return counts.some((count) => count?.type === "known" && count.count === 0);
}

/** Any result can be mapped over, but only dicts are inputs: an item of each is made one. */
function validBody(seed: number, flags: readonly string[] = []): string {
  return randomDags(seed, flags).replace(/\.expand_kwargs\((\w+)\)/g, ".expand_kwargs($1.map(() => ({})))");
}
