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
    { path: "README.md", text: README.replace("NAME", name) },
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
import { before, test } from "node:test";
import { load_dag } from "fanout/testing";

/** @type {import("fanout").Dag} */
let greetings;
before(async () => {
  greetings = await load_dag(new URL("../dags/greetings.dag.ts", import.meta.url));
});

test("greets everybody", async () => {
  const result = await greetings.test();
  assert.equal(result.state, "success");
  assert.equal(result.task("greet").instances.length, 3);
  assert.equal(result.xcom("publish"), "Hello, Ada! Hello, Grace! Hello, Edsger!");
});

test("greets whoever is on the list", async () => {
  // 'list_names' is not run: this is what it returned.
  const result = await greetings.test({ xcoms: { list_names: ["Barbara"] } });
  assert.deepEqual(result.xcom("greet"), ["Hello, Barbara!"]);
  assert.equal(result.log("greet", 0), "greeting Barbara\\n");
});
`;

const README = `# NAME

DAGs in TypeScript, run by [Fanout](node_modules/fanout/README.md).

- \`npm install\`
- \`npm start\` runs \`dags/greetings.dag.ts\`; \`npx fanout show latest\` tells what came of it.
- \`npm run check\` looks for mapping mistakes, \`npm run typecheck\` for the others.
- \`npm test\` checks the DAGs and runs the tests in \`test\`. They run DAGs in memory, without workers and history.
`;

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
