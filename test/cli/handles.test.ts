import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InstanceDetails, RecordedRun } from "#core/model/run.js";
import { runCli, tempProject } from "./support/cliProcess.js";

/** Instances have names, two of them the same one, and one has digits for a name. */
const named = `import { appendFileSync, readFileSync } from "node:fs";
import { dag, get_current_context, task } from "fanout";
const given = () => JSON.parse(readFileSync("given.json", "utf8"));
const models = task({ task_id: "models" }, () => given().models);
const train = task({ task_id: "train", map_index_template: "{{ model }}" }, ({ model }: { model: string }) => {
  Object.assign(get_current_context(), { model });
  appendFileSync("notes.txt", model + "\\n");
  console.log("training", model);
  if (given().bad === model) throw new Error("no");
  return model.length;
});
export default dag({ dag_id: "named", schedule: null }, () => {
  train.expand({ model: models() });
});
`;

const project = tempProject({ "named.dag.ts": named });
const { dir } = project;
afterAll(project.remove);

function give(value: unknown): void {
  writeFileSync(path.join(dir, "given.json"), JSON.stringify(value));
}

function notes(): string[] {
  const file = path.join(dir, "notes.txt");
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  rmSync(file);
  return lines.sort();
}

async function jsonOf(...args: string[]): Promise<unknown> {
  const { code, stdout, stderr } = await runCli([...args, "--format", "json"], dir);
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
}

const MODELS = ["knn", "big svm", "7", "knn", "1", "-5"];

beforeAll(async () => {
  give({ models: MODELS, bad: "big svm" });
  await runCli(["run", "named.dag.ts"], dir);
  notes();
});

describe("the name of an instance", () => {
  test.each([
    ["big svm", 1],
    ["7", 2],
    ["-5", 5],
    // There is an instance 1, so that is what is meant, not the one of that name.
    ["1", 1],
  ])("'%s' stands for the instance in show, logs and xcom, also where it failed", async (name, index) => {
    const at = ["latest", "train", "--map-index"] as const;
    expect(await jsonOf("show", ...at, name)).toMatchObject({ map_index: index, name: MODELS[index] });
    const lines = [expect.stringContaining(`training ${String(MODELS[index])}`)] as unknown[];
    const [log] = (await jsonOf("logs", ...at, name)) as { lines: string[] }[];
    expect(log).toMatchObject({ map_index: index, lines: expect.arrayContaining(lines) as unknown });
    expect(await jsonOf("xcom", ...at, name)).toEqual(await jsonOf("xcom", ...at, String(index)));
  });

  test.each([
    ["show", [], "knn", "ambiguous-instance"],
    ["logs", [], "knn", "ambiguous-instance"],
    ["xcom", [], "forest", "unknown-map-index"],
    ["clear", ["--yes"], "knn", "ambiguous-instance"],
    ["mark", ["--yes", "--state", "success"], "forest", "unknown-map-index"],
  ])(
    "that several have, or none, is refused by %s, which then names what there is",
    async (command, flags, name, code) => {
      const {
        code: exit,
        stdout,
        stderr,
      } = await runCli([command, "latest", "train", "--map-index", name, ...flags], dir);
      expect([exit, stdout]).toEqual([2, ""]);
      expect(stderr).toContain(`error ${code}  `);
      expect(stderr).toMatch(code === "ambiguous-instance" ? /0, 3/ : /'big svm'/);
    },
  );

  test("lets one instance be cleared, or marked, and stays its name", async () => {
    give({ models: MODELS });
    const cleared = await runCli(["clear", "latest", "train", "--map-index", "big svm", "--yes"], dir);
    expect(cleared.code).toBe(0);
    expect(cleared.stderr).toContain("train[1] big svm failed");
    expect(notes()).toEqual(["big svm"]);
    const marked = await runCli(["mark", "latest", "train", "--map-index", "7", "--state", "failed", "--yes"], dir);
    expect(marked.code).toBe(1);
    const run = (await jsonOf("show", "latest")) as RecordedRun;
    const train = run.tasks.find(({ task_id }) => task_id === "train");
    expect(train?.instances.map(({ name, state }) => [name, state])).toEqual(
      MODELS.map((name) => [name, name === "7" ? "failed" : "success"]),
    );
  });
});

describe("run --map-index NAME", () => {
  test("runs the instance that had the name in the newest run that knows names", async () => {
    const ran = await runCli(["run", "named.dag.ts", "--task", "train", "--map-index", "big svm"], dir);
    expect(ran.code).toBe(0);
    expect(notes()).toEqual(["big svm"]);
    const { name } = (await jsonOf("show", "latest", "train", "--map-index", "1")) as InstanceDetails;
    expect(name).toBe("big svm");
  });

  test("says so where another one has come to stand there", async () => {
    give({ models: ["big svm", "tree"] });
    const ran = await runCli(["run", "named.dag.ts", "--task", "train", "--map-index", "big svm"], dir);
    expect(notes()).toEqual(["tree"]);
    expect(ran.stderr).toMatch(/Instance 1 .*'tree'/);
  });

  test("takes digits for a name where the newest run has no such index, also after runs of one instance", async () => {
    give({ models: ["2024", "2025", "1"] });
    await runCli(["run", "named.dag.ts"], dir);
    notes();
    // There is an instance 1, and nothing that is called 0.
    for (const [name, trained] of [
      ["2025", "2025"],
      ["2024", "2024"],
      ["1", "2025"],
      ["0", "2024"],
    ] as const) {
      const ran = await runCli(["run", "named.dag.ts", "--task", "train", "--map-index", name], dir);
      expect(ran.code).toBe(0);
      expect(notes()).toEqual([trained]);
    }
    const none = await runCli(["run", "named.dag.ts", "--task", "train", "--map-index", "2026"], dir);
    expect([none.code, none.stdout.includes("unknown-map-index")]).toEqual([1, true]);
  });

  test("is refused where no instance had it, and leaves no run", async () => {
    const before = await jsonOf("runs");
    const refused = await runCli(["run", "named.dag.ts", "--task", "train", "--map-index", "forest"], dir);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("error unknown-map-index  ");
    expect(await jsonOf("runs")).toEqual(before);
  });
});
