import { describe, expect, it } from "vitest";
import { DEFAULT_PROJECT_OPTIONS, type ProjectOptions } from "#core/configuration.js";
import type { RunState } from "#core/model/run.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { FanoutError } from "../runtime/src/errors.js";
import { rules } from "../server/src/rules/index.js";
import { type Finding, runRules } from "../server/src/rules/runRules.js";
import { Project, start } from "./runtime/support/project.js";
import { campaign } from "./support/campaign.js";
import { createCommonProject } from "./support/memoryProject.js";
import { readRuleDoc } from "./support/ruleDocs.js";

const docs = new Map(rules.map(({ meta }) => [meta.name, readRuleDoc(meta.name)]));
const fileOf = (kind: "wrong" | "right", name: string, number: number): string => `/${kind}/${name}-${number}.dag.ts`;
const workspace = createCommonProject(
  new Map(
    [...docs].flatMap(([name, { wrong, right }]) => [
      ...wrong.map((code, index) => [fileOf("wrong", name, index + 1), code] as const),
      ...right.map((code, index) => [fileOf("right", name, index + 1), code] as const),
    ]),
  ),
);

function codesIn(file: string, options: ProjectOptions): string[] {
  const facts = workspace.analyze(file);
  expect(facts.dags.length).toBeGreaterThan(0);
  expect(facts.broken).toBe(false);
  const types = workspace.typeQueries(file);
  const findings = runRules(facts, { rules, severities: {}, types, project: options });
  return findings.filter((finding) => isMistake(finding)).map(({ rule }) => rule);
}

interface Outcome {
  readonly state: "refused" | RunState;
  /** Of every error that was told of. */
  readonly codes: readonly string[];
}

/** What becomes of a file when it is run, in a project of its own. */
async function run(code: string): Promise<Outcome> {
  const project = new Project({ "dag.ts": code });
  const codes: string[] = [];
  try {
    const { done } = await start(project, { onEvent: (event) => void codes.push(...codesOf(event)) });
    const { state } = await done;
    return { state, codes };
  } catch (thrown) {
    if (!FanoutError.is(thrown)) throw thrown;
    return { state: "refused", codes: [thrown.code] };
  }
}

function codesOf(event: RunEvent): string[] {
  if (event.type === "run_finished") return event.error ? [event.error.code] : [];
  if (event.type !== "instances_changed") return [];
  return event.changes.flatMap(({ error }) => error?.code ?? []);
}

/** What a rule says beside its own subject, for information, may be said of any example. */
function isMistake({ rule, severity }: Finding): boolean {
  const isNotice = severity === "information" || severity === "hint";
  return !isNotice || rules.some(({ meta }) => meta.name === rule && meta.defaultSeverity === severity);
}

describe.each(rules.map(({ meta }) => [meta.name, meta] as const))("the document of %s", (name, meta) => {
  const numbered = (codes: readonly string[] = []): [number, string][] => codes.map((code, index) => [index + 1, code]);
  const wrong = numbered(docs.get(name)?.wrong);
  const right = numbered(docs.get(name)?.right);
  // What concerns Airflow itself is said only where DAGs shall run there too.
  const targetAirflow = meta.category === "portability" ? "3.1" : null;
  const options = { ...DEFAULT_PROJECT_OPTIONS, targetAirflow };

  it.each(wrong)("❌ %i is reported", (number) => {
    expect(codesIn(fileOf("wrong", name, number), options)).toEqual([name]);
  });

  it.each(right)("✅ %i is not", (number) => {
    expect(codesIn(fileOf("right", name, number), options)).toEqual([]);
  });

  /** Each is a run of its own: a small campaign sees one example of a rule fail, and leaves those that do not. */
  const most = campaign({
    small: { wrong: 1, right: 0 },
    middle: { wrong: Infinity, right: Infinity },
    full: { wrong: Infinity, right: Infinity },
  });

  const { prevents } = meta;
  if (prevents !== null) {
    it.each(wrong.slice(0, most.wrong))("❌ %i fails at run as the rule says", async (_number, code) => {
      const { state, codes } = await run(code);
      expect(codes).toContain(prevents);
      expect(state).not.toBe("success");
    });
  }

  it.each(right.slice(0, most.right))("✅ %i runs", async (_number, code) => {
    expect(await run(code)).toEqual({ state: "success", codes: [] });
  });
});
