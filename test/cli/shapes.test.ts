import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS } from "../../runtime/src/cli/registry.js";
import { adder, failing } from "./support/dags.js";
import { root, runCli, tempProject } from "./support/cliProcess.js";

/** docs/cli.md is a contract: every JSON block in it is compared, keys and types, with what the command prints. */

const text = readFileSync(path.join(root, "docs/cli.md"), "utf8");
const documented = new Map(
  [...text.matchAll(/<!-- shape: ([\w-]+) -->\s*```json\n([\s\S]*?)```/g)].map(([, name = "", json = ""]) => [
    name,
    JSON.parse(json) as unknown,
  ]),
);

const mistake = `import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
export default dag({ dag_id: "mistake", schedule: null }, () => {
  add.expand({ x: [1], pool: ["a"] });
});
`;

const daily = `import { dag, task } from "fanout";
const add = task({ task_id: "add" }, () => 1);
export default dag({ dag_id: "daily", schedule: "@daily" }, () => {
  add();
});
`;

const project = tempProject({
  "daily/daily.dag.ts": daily,
  "adder.dag.ts": adder,
  "failing.dag.ts": failing,
  "mistake.dag.ts": mistake,
});
const { dir } = project;
afterAll(project.remove);

const printed = new Map<string, unknown>();

beforeAll(async () => {
  const events = await eventsOf("adder.dag.ts");
  // The last of each kind: whether an earlier one tells of an instance that has ended is a matter of speed.
  for (const event of events) printed.set(event.type.replaceAll("_", "-"), event);
  const asked: Readonly<Record<string, string[]>> = {
    check: ["check", "mistake.dag.ts"],
    graph: ["graph", "adder.dag.ts"],
    list: ["list", "."],
    runs: ["runs"],
    "show-run": ["show", "latest"],
    "show-instance": ["show", "latest", "add", "--map-index", "0"],
    logs: ["logs", "latest", "add", "--map-index", "0"],
    xcom: ["xcom", "latest", "add"],
  };
  for (const [name, args] of Object.entries(asked)) {
    printed.set(name, JSON.parse((await runCli([...args, "--format", "json"], dir)).stdout));
  }
  const plan = await runCli(["backfill", "daily/daily.dag.ts", "--dry-run", "--format", "ndjson"], dir);
  printed.set("backfill-plan", JSON.parse(plan.stdout));
  await eventsOf("failing.dag.ts");
  const failed = await runCli(["show", "latest", "check", "--map-index", "1", "--format", "json"], dir);
  printed.set("error", (JSON.parse(failed.stdout) as { error: unknown }).error);
});

async function eventsOf(file: string): Promise<{ type: string }[]> {
  const { stdout } = await runCli(["run", file, "--format", "ndjson"], dir);
  return stdout
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as { type: string });
}

/** Keys and types; of a list the first entry stands for all; `{}` stands for any dict. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== "object" || value === null) return value === null ? "null" : typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shapeOf(entry)]));
}

function expectShape(actual: unknown, expected: unknown, at: string): void {
  if (Array.isArray(expected)) {
    expect(Array.isArray(actual), at).toBe(true);
    if (expected.length > 0) expectShape((actual as unknown[])[0], expected[0], `${at}[0]`);
    return;
  }
  if (typeof expected !== "object" || expected === null) {
    expect(shapeOf(actual), at).toBe(shapeOf(expected));
    return;
  }
  const entries = Object.entries(expected);
  if (entries.length === 0) return;
  expect(Object.keys(actual as object).sort(), at).toEqual(entries.map(([key]) => key).sort());
  for (const [key, entry] of entries) expectShape((actual as Record<string, unknown>)[key], entry, `${at}.${key}`);
}

test("list counts the tasks of every DAG of a folder, and tells when it is next", () => {
  const never = { next_dagrun_data_interval_start: null, next_dagrun_data_interval_end: null };
  const unscheduled = { schedule: null, timezone: "UTC", ...never };
  const listed = printed.get("list") as { next_dagrun_data_interval_start: string }[];
  const next = listed[1]?.next_dagrun_data_interval_start ?? "";
  const tomorrow = new Date(Date.parse(next) + 86_400_000).toISOString();
  expect(next).toMatch(/T00:00:00.000Z$/);
  expect(listed).toEqual([
    { dag_id: "adder", file: path.join(dir, "adder.dag.ts"), ...unscheduled, tasks: 2, mapped_tasks: 1 },
    {
      ...{ dag_id: "daily", file: path.join(dir, "daily/daily.dag.ts"), schedule: "@daily", timezone: "UTC" },
      ...{ next_dagrun_data_interval_start: next, next_dagrun_data_interval_end: tomorrow, tasks: 1, mapped_tasks: 0 },
    },
    { dag_id: "failing", file: path.join(dir, "failing.dag.ts"), ...unscheduled, tasks: 2, mapped_tasks: 1 },
    { dag_id: "mistake", file: path.join(dir, "mistake.dag.ts"), ...unscheduled, tasks: 1, mapped_tasks: 1 },
  ]);
});

test("list knows no next run of a DAG that is over, and the first one of a DAG that has not begun", async () => {
  const withDates = (dates: string): string => daily.replace(`"@daily"`, `"@daily", ${dates}`);
  const other = tempProject({
    "begun.dag.ts": withDates(`start_date: new Date("2024-01-01"), end_date: new Date("2999-01-05")`),
    "defaults.dag.ts": withDates(`default_args: { end_date: new Date("2024-01-05") }`),
    "future.dag.ts": withDates(`start_date: new Date("2998-01-01T06:00Z")`),
    "over.dag.ts": withDates(`start_date: new Date("2024-01-01"), end_date: new Date("2024-01-05")`),
  });
  try {
    const { stdout } = await runCli(["list", "--format", "json"], other.dir);
    const listed = JSON.parse(stdout) as { next_dagrun_data_interval_start: string; file: string }[];
    expect(listed.map(({ file }) => path.basename(file, ".dag.ts"))).toEqual(["begun", "defaults", "future", "over"]);
    expect(listed.map((one) => one.next_dagrun_data_interval_start)).toEqual([
      expect.stringMatching(/^20.*T00:00:00.000Z$/),
      null,
      "2998-01-02T00:00:00.000Z",
      null,
    ]);
  } finally {
    other.remove();
  }
});

test("list goes on where a schedule cannot be read, and says where", async () => {
  const bad = {
    "bad.dag.ts": daily.replace("@daily", "99 * * * *"),
    "zone.dag.ts": daily.replace(`"@daily"`, `"0 6 * * *", timezone: "Europe/Berlin"`),
  };
  const other = tempProject(bad);
  try {
    const { code, stdout, stderr } = await runCli(["list"], other.dir);
    expect(code).toBe(0);
    expect(stdout).toMatch(/bad\.dag\.ts.*99 \* \* \* \*/);
    expect(stdout).toMatch(/zone\.dag\.ts.*0 6 \* \* \* Europe\/Berlin +\d{4}-\d\d-\d\d 0[45]:00/);
    expect(stderr).toMatch(/^bad\.dag\.ts:3:\d+: /);
  } finally {
    other.remove();
  }
});

describe("docs/cli.md", () => {
  test.each([...documented.keys()])("shows %s as it is printed", (name) => {
    expect(printed.get(name), `nothing printed for '${name}'`).toBeDefined();
    expectShape(printed.get(name), documented.get(name), name);
  });

  test("has a section for every command", () => {
    const sections = [...text.matchAll(/^## `fanout (\w+)/gm)].map(([, name]) => name).sort();
    expect(sections).toEqual(Object.keys(COMMANDS).sort());
  });

  test("names every flag", async () => {
    for (const name of Object.keys(COMMANDS)) {
      const help = (await runCli([name, "--help"], dir)).stdout;
      const flags = [...help.matchAll(/^\s+(?:-\w, )?(--[\w-]+)/gm)].map(([, flag = ""]) => flag);
      for (const flag of flags.filter((each) => each !== "--help" && each !== "--stdio")) {
        expect(text, `${name} ${flag}`).toContain(`\`${flag}`);
      }
    }
  });
});
