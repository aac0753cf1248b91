import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import { rules } from "../server/src/rules/index.js";
import { type Finding, runRules } from "../server/src/rules/runRules.js";
import { campaign } from "./support/campaign.js";
import { SharedProject } from "./support/sharedProject.js";
import { readRuleDoc } from "./support/ruleDocs.js";

const projects = new SharedProject();
const commandLine = fileURLToPath(new URL("../dist/runtime/cli.js", import.meta.url));

function codesIn(code: string, options = DEFAULT_PROJECT_OPTIONS): string[] {
  const { workspace, fixture } = projects.open(code);
  const facts = workspace.analyze(fixture.main);
  expect(facts.dags.length).toBeGreaterThan(0);
  expect(facts.broken).toBe(false);
  const types = workspace.typeQueries(fixture.main);
  const findings = runRules(facts, { rules, severities: {}, types, project: options });
  return findings.filter((finding) => isMistake(finding)).map(({ rule }) => rule);
}

/** What a rule says beside its own subject, for information, may be said of any example. */
function isMistake({ rule, severity }: Finding): boolean {
  const isNotice = severity === "information" || severity === "hint";
  return !isNotice || rules.some(({ meta }) => meta.name === rule && meta.defaultSeverity === severity);
}

describe.each(rules.map(({ meta }) => [meta.name, meta] as const))("the document of %s", (name, meta) => {
  const doc = readRuleDoc(name);
  const wrong = doc.wrong.map((code, index) => [index + 1, code] as const);
  const right = doc.right.map((code, index) => [index + 1, code] as const);
  // What concerns Airflow itself is said only where DAGs shall run there too.
  const targetAirflow = meta.category === "portability" ? "3.1" : null;
  const options = { ...DEFAULT_PROJECT_OPTIONS, targetAirflow };
  let folder = "";

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "fanout-docs-"));
    await writeFile(path.join(folder, "package.json"), "{}");
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Through the command line, as a process of its own. */
  async function run(code: string): Promise<{ exitCode: number | null; output: string }> {
    const file = path.join(folder, "example.dag.ts");
    await writeFile(file, code);
    const child = spawn(process.execPath, [commandLine, "run", file, "--format", "ndjson"], {
      cwd: folder,
      // Where CI is set, the command line colours what it prints.
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close");
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const [exitCode] = (await ended) as [number | null];
    return { exitCode, output: stdout + stderr };
  }

  it.each(wrong)("❌ %i is reported", (_number, code) => {
    expect(codesIn(code, options)).toEqual([name]);
  });

  it.each(right)("✅ %i is not", (_number, code) => {
    expect(codesIn(code, options)).toEqual([]);
  });

  /** Each is a run of its own: a small campaign tries one of a kind. */
  const most = campaign({ small: 1, middle: Infinity, full: Infinity });

  const { prevents } = meta;
  if (prevents !== null) {
    it.each(wrong.slice(0, most))("❌ %i fails at run as the rule says", async (_number, code) => {
      const { exitCode, output } = await run(code);
      expect(exitCode, output).not.toBe(0);
      expect(output).toMatch(new RegExp(`\\b${prevents}\\b`));
    });
  }

  it.each(right.slice(0, most))("✅ %i runs", async (_number, code) => {
    const { exitCode, output } = await run(code);
    expect(exitCode, output).toBe(0);
  });
});
