import { expect, it } from "vitest";
import { campaign } from "../support/campaign.js";
import { comparableModel, expectCovered } from "../support/comparableModel.js";
import { executeGenerated } from "../support/executeGenerated.js";
import { createMemoryProject } from "../support/memoryProject.js";
import { randomDags } from "../support/randomDag.js";
import { generatedFile, generatedProject } from "../support/randomHelpers.js";

const FIRST_SEED = Number(process.env["FANOUT_SEED"] ?? 1);
const COUNT = Number(process.env["FANOUT_PROGRAMS"] ?? campaign({ small: 30, middle: 60, full: 2000 }));
const seeds = Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index);

it("reading and executing agree on code that is written by chance", () => {
  const { workspace, fixture } = createMemoryProject(generatedProject);
  let compared = 0;
  for (const seed of seeds) {
    const text = randomDags(seed);
    const executed = executeGenerated(text, false);
    if (executed === undefined) continue;
    workspace.changeDocument(fixture.main, generatedFile(text), seed + 1);
    const read = workspace.analyze(fixture.main).dags.map(({ model }) => comparableModel(model));
    expect(read, `seed ${seed}:\n${text}`).toEqual(executed.map(comparableModel));
    compared++;
  }
  // The others are refused by the engine, so that there is nothing to compare with.
  expect(compared).toBeGreaterThan(COUNT / 2);
});

it("reading covers both ways of every condition that only a run decides", () => {
  const { workspace, fixture } = createMemoryProject(generatedProject);
  for (const seed of seeds) {
    const text = randomDags(seed, ["flag"]);
    workspace.changeDocument(fixture.main, generatedFile(text), seed + 1);
    const read = workspace.analyze(fixture.main).dags.map(({ model }) => model);
    for (const flag of [true, false]) {
      for (const [index, executed] of (executeGenerated(text, flag) ?? []).entries()) {
        const model = read[index];
        if (model !== undefined) expectCovered(model, executed, `seed ${seed}, ${flag}:\n${text}`);
      }
    }
  }
});
