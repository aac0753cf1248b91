import { expect, it } from "vitest";
import type { DagModel } from "#core/model/dag.js";
import { groupMapCount, mapCount } from "#core/model/graph.js";
import { rules } from "../../server/src/rules/index.js";
import { runRules } from "../../server/src/rules/runRules.js";
import { campaign } from "../support/campaign.js";
import { executeBody } from "../support/executeBody.js";
import { type MemoryProject, createMemoryProject } from "../support/memoryProject.js";
import { NAMES, randomBody } from "../support/randomDag.js";

const FIRST_SEED = Number(process.env["FANOUT_SEED"] ?? 1);
const COUNT = Number(process.env["FANOUT_PROGRAMS"] ?? campaign({ small: 30, middle: 60, full: 1000 }));
const seeds = Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index);

it("no rule says anything of DAGs that are written by chance and accepted", () => {
  const project = createMemoryProject("export {};");
  for (const seed of seeds) {
    const body = validBody(seed);
    const executed = executeBody(body, false);
    if (executed !== undefined) expectSilence(project, body, seed, [executed]);
  }
});

it("no rule says anything of what is accepted whichever way a run decides", () => {
  const project = createMemoryProject("export {};");
  for (const seed of seeds) {
    const body = validBody(seed, ["flag"]);
    const executed = [true, false].map((flag) => executeBody(body, flag));
    const models = executed.filter((model) => model !== undefined);
    if (models.length === executed.length) expectSilence(project, body, seed, models);
  }
});

function expectSilence(
  { workspace, fixture }: MemoryProject,
  body: string,
  seed: number,
  executed: readonly DagModel[],
): void {
  const source = fileOf(body);
  workspace.changeDocument(fixture.main, source, seed + 1);
  const facts = workspace.analyze(fixture.main);
  const findings = runRules(facts, { rules, severities: {}, types: workspace.typeQueries(fixture.main) });
  const alarms = findings
    .filter(({ severity }) => severity === "error" || severity === "warning")
    // Lists are changed by chance, and some of them are empty then.
    .filter(({ rule }) => rule !== "zero-length" || !executed.some(hasNoInstances))
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
  return randomBody(seed, flags).replace(/\.expand_kwargs\((v\d+)\)/g, ".expand_kwargs($1.map(() => ({})))");
}

/** With types for what tasks take and return, so that rules that ask for them have an answer. */
function fileOf(body: string): string {
  const typed = "(inputs: Readonly<Record<string, unknown>>): number[] => [Object.keys(inputs).length]";
  return `
    import { dag, ${NAMES.join(", ")} } from "fanout";
    declare const process: { env: Record<string, string> };
    const flag = process.env["FLAG"] === "1";
    dag({ dag_id: "made" }, () => {
      ${body.replaceAll("(inputs) => inputs", typed)}
    });`;
}
