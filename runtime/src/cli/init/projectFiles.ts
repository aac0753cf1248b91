/** A file of a new project: path relative to its folder, with `/`. */
export interface ProjectFile {
  readonly path: string;
  readonly text: string;
}

/** The files that `fanout init` writes. `fanout` is what package.json depends on: `file:` and a path, or a version. */
export function projectFiles(name: string, fanout: string): readonly ProjectFile[] {
  return [
    { path: "package.json", text: json(manifest(name, fanout)) },
    { path: "tsconfig.json", text: json(TSCONFIG) },
    { path: "dags/greetings.dag.ts", text: EXAMPLE },
    { path: "test/greetings.test.js", text: TEST },
    { path: ".gitignore", text: "node_modules/\n.fanout/\n" },
  ];
}

/** A name that npm accepts, from a folder's. */
export function packageName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return name === "" ? "dags" : name;
}

function manifest(name: string, fanout: string): object {
  return {
    name,
    version: "0.1.0",
    private: true,
    type: "module",
    scripts: {
      start: "fanout run dags/greetings.dag.ts",
      check: "fanout check dags",
      typecheck: "tsc",
      test: "fanout check dags && node --test",
    },
    dependencies: { fanout },
    devDependencies: { "@types/node": "^20.19.0", typescript: "^6.0.0" },
  };
}

const TSCONFIG = {
  compilerOptions: {
    target: "es2023",
    module: "nodenext",
    moduleResolution: "nodenext",
    types: ["node"],
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  },
  include: ["dags"],
};

const EXAMPLE = `import { dag, task } from "fanout";

// The list to map over may come from anywhere: a file, a database, a service. Here it is written down.
const list_names = task({ task_id: "list_names" }, () => ["Ada", "Grace", "Edsger"]);

// One instance of this task runs for each name; 'greeting' is the same for all of them.
const greet = task({ task_id: "greet" }, ({ greeting, name }: { greeting: string; name: string }) => {
  console.log(\`greeting \${name}\`);
  return \`\${greeting}, \${name}!\`;
});

// What all instances returned, in their order.
const publish = task({ task_id: "publish" }, ({ lines }: { lines: readonly string[] }) => lines.join(" "));

export default dag({ dag_id: "greetings", schedule: null }, () => {
  const lines = greet.partial({ greeting: "Hello" }).expand({ name: list_names() });
  publish({ lines });
});
`;

const TEST = `import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, test } from "node:test";

const require = createRequire(import.meta.url);
const manifest = require.resolve("fanout/package.json");
const command = join(dirname(manifest), require(manifest).bin.fanout);

// A history of its own, so that a test never mixes with the runs that you look at.
const home = mkdtempSync(join(tmpdir(), "greetings-"));
after(() => rmSync(home, { recursive: true }));

function fanout(...args) {
  return spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, FANOUT_HOME: home },
  });
}

test("greets everybody", () => {
  const run = fanout("run", "dags/greetings.dag.ts");
  assert.equal(run.status, 0, run.stdout + run.stderr);
  const details = JSON.parse(fanout("show", "latest", "--format", "json").stdout);
  assert.equal(details.tasks.find((task) => task.task_id === "greet").count, 3);
  assert.equal(
    JSON.parse(fanout("xcom", "latest", "publish", "--format", "json").stdout),
    "Hello, Ada! Hello, Grace! Hello, Edsger!",
  );
});
`;

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
