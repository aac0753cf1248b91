import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Workspace } from "../../server/src/workspace/workspace.js";
import { comparableModel, expectCovered } from "../support/comparableModel.js";
import { dagFiles } from "../support/dagFiles.js";
import { WITHOUT_HURRY } from "../support/memoryProject.js";
import { executeDags } from "../support/executeDags.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const workspace = new Workspace({ bundledTypes: `${repository}runtime/src/index.ts`, timeLimit: WITHOUT_HURRY });
workspace.addFiles(dagFiles());

describe("reading and executing give the same graph", () => {
  it.each(dagFiles())("of %s", async (file) => {
    const read = workspace.analyze(file).dags.map(({ model }) => model);
    const executed = await executeDags(file);
    expect(read.map(({ dag_id }) => dag_id)).toEqual(executed.map(({ dag_id }) => dag_id));
    for (const [index, model] of executed.entries()) {
      const other = read[index];
      if (other === undefined) continue;
      if (file.includes("undecided")) expectCovered(other, model);
      else expect(comparableModel(other)).toEqual(comparableModel(model));
    }
  });
});
