import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root, runCli, startNode, tempProject } from "./support/cliProcess.js";

const place = tempProject();
const project = path.join(place.dir, "my project");
afterAll(place.remove);

beforeAll(async () => {
  expect(await runCli(["init", "my project"], place.dir)).toMatchObject({ code: 0, stderr: "" });
  // What 'npm install' makes of the file: reference.
  mkdirSync(path.join(project, "node_modules/@types"), { recursive: true });
  symlinkSync(root, path.join(project, "node_modules/fanout"), "junction");
  symlinkSync(path.join(root, "node_modules/@types/node"), path.join(project, "node_modules/@types/node"), "junction");
});

describe("a new project", () => {
  test("refers to this installation", () => {
    const manifest = JSON.parse(readFileSync(path.join(project, "package.json"), "utf8")) as {
      name: string;
      dependencies: { fanout: string };
    };
    expect(manifest.name).toBe("my-project");
    expect(path.resolve(project, manifest.dependencies.fanout.replace(/^file:/, ""))).toBe(path.resolve(root));
  });

  test("has a DAG without problems", async () => {
    expect(await runCli(["check", "dags"], project)).toMatchObject({ code: 0, stderr: "" });
  });

  test("has no type errors", () => {
    execFileSync(process.execPath, [path.join(root, "node_modules/typescript/bin/tsc"), "-p", project]);
  });

  test("runs", async () => {
    expect(await runCli(["run", "dags/greetings.dag.ts"], project)).toMatchObject({ code: 0 });
    expect((await runCli(["xcom", "latest", "publish"], project)).stdout).toBe(
      "Hello, Ada! Hello, Grace! Hello, Edsger!\n",
    );
  });

  test("has tests that pass, after its DAGs were checked", async () => {
    // As 'npm install' links the command.
    mkdirSync(path.join(project, "node_modules/.bin"));
    symlinkSync(path.join(root, "dist/runtime/cli.cjs"), path.join(project, "node_modules/.bin/fanout"));
    const npm = execFileSync("npm", ["test"], { cwd: project, encoding: "utf8" });
    expect(npm).toMatch(/# pass 2\n[^]*# fail 0/);
  });

  test("has tests that fail where the DAG does something else", async () => {
    const file = path.join(project, "dags/greetings.dag.ts");
    const source = readFileSync(file, "utf8");
    writeFileSync(file, source.replace("Hello", "Bye"));
    const { code, stdout } = await startNode(["--test"], project, {}).ended;
    writeFileSync(file, source);
    expect(code).toBe(1);
    expect(stdout).toMatch(/# pass 0\n[^]*# fail 2/);
  });

  test("has tests whose types hold", () => {
    const tsc = path.join(root, "node_modules/typescript/bin/tsc");
    const options = ["--allowJs", "--checkJs", "--noEmit", "--strict", "--skipLibCheck", "--types", "node"];
    const module = ["--module", "nodenext", "--target", "es2023", "--ignoreConfig"];
    execFileSync(process.execPath, [tsc, ...options, ...module, "test/greetings.test.js"], { cwd: project });
  });
});

describe("what is there already", () => {
  test("is never overwritten, and nothing is written beside it", async () => {
    const folder = path.join(place.dir, "taken");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "tsconfig.json"), "mine");
    const { code, stderr } = await runCli(["init", "taken"], place.dir);
    expect(code).toBe(2);
    expect(stderr).toContain("tsconfig.json");
    expect(readdirSync(folder)).toEqual(["tsconfig.json"]);
    expect(readFileSync(path.join(folder, "tsconfig.json"), "utf8")).toBe("mine");
  });

  test("does not matter where no name is the same, or it is a README", async () => {
    const folder = path.join(place.dir, "notes");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "README.md"), "mine");
    expect(await runCli(["init"], folder)).toMatchObject({ code: 0 });
    expect(existsSync(path.join(folder, "dags/greetings.dag.ts"))).toBe(true);
    expect(readFileSync(path.join(folder, "README.md"), "utf8")).toBe("mine");
  });

  test.skipIf(process.platform === "win32")(
    "may be a name that shells would take apart: the command that leads there quotes it",
    async () => {
      const { stdout } = await runCli(["init", "it's my $HOME ä"], place.dir);
      const [command = ""] = /cd .*/.exec(stdout) ?? [];
      const there = execFileSync("sh", ["-c", `${command} && pwd`], { cwd: place.dir, encoding: "utf8" });
      expect(there).toBe(`${path.join(place.dir, "it's my $HOME ä")}\n`);
    },
  );

  test("is refused where it is a file", async () => {
    writeFileSync(path.join(place.dir, "file"), "");
    expect((await runCli(["init", "file"], place.dir)).code).toBe(2);
  });
});
