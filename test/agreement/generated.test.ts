import { expect, it } from "vitest";
import { campaign } from "../support/campaign.js";
import { comparableModel, expectCovered } from "../support/comparableModel.js";
import { executeBody } from "../support/executeBody.js";
import { createMemoryProject } from "../support/memoryProject.js";
import { NAMES, randomBody } from "../support/randomDag.js";

const FIRST_SEED = Number(process.env["FANOUT_SEED"] ?? 1);
const COUNT = Number(process.env["FANOUT_PROGRAMS"] ?? campaign({ small: 30, middle: 60, full: 2000 }));
const seeds = Array.from({ length: COUNT }, (_, index) => FIRST_SEED + index);

it("reading and executing agree on code that is written by chance", () => {
  const { workspace, fixture } = createMemoryProject("export {};");
  for (const seed of seeds) {
    const source = fileOf(randomBody(seed));
    const executed = executeBody(randomBody(seed), false);
    if (executed === undefined) continue;
    workspace.changeDocument(fixture.main, source, seed + 1);
    const [read] = workspace.analyze(fixture.main).dags;
    expect(read && comparableModel(read.model), `seed ${seed}:\n${source}`).toEqual(comparableModel(executed));
  }
});

it("reading covers both ways of every condition that only a run decides", () => {
  const { workspace, fixture } = createMemoryProject("export {};");
  for (const seed of seeds) {
    const body = randomBody(seed, ["flag"]);
    const source = fileOf(body);
    workspace.changeDocument(fixture.main, source, seed + 1);
    const [read] = workspace.analyze(fixture.main).dags;
    for (const flag of [true, false]) {
      const executed = executeBody(body, flag);
      if (executed === undefined || read === undefined) continue;
      expectCovered(read.model, executed, `seed ${seed}, ${flag}:\n${source}`);
    }
  }
});

function fileOf(body: string): string {
  return `
    import { dag, ${NAMES.join(", ")} } from "fanout";
    declare const process: { env: Record<string, string> };
    const flag = process.env["FLAG"] === "1";
    dag({ dag_id: "made" }, () => {
      ${body}
    });`;
}
