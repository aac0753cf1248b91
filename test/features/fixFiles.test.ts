import { describe, expect, it } from "vitest";
import { DEFAULT_PROJECT_OPTIONS } from "#core/configuration.js";
import type { FixedFile } from "#core/protocol/batch.js";
import type { FileFacts } from "../../server/src/analysis/facts.js";
import { fixFiles } from "../../server/src/fixFiles.js";
import { rules } from "../../server/src/rules/index.js";
import { type Finding, runRules } from "../../server/src/rules/runRules.js";
import { inDag } from "../rules/checkFixture.js";
import { campaign } from "../support/campaign.js";
import { createMemoryProject, type MemoryProject } from "../support/memoryProject.js";
import { readRuleDoc } from "../support/ruleDocs.js";

/** A pool that a fix moves to where it belongs is one of a project that has none. */
const severities = { "unknown-pool": "off" } as const;

function finder({ workspace }: MemoryProject): (facts: FileFacts) => readonly Finding[] {
  return (facts) => {
    const types = workspace.typeQueries(facts.fileName);
    return runRules(facts, { rules, types, severities, project: DEFAULT_PROJECT_OPTIONS });
  };
}

function fix(source: string, findOf = finder): { readonly files: readonly FixedFile[]; readonly left: string[] } {
  const project = createMemoryProject(source);
  const { workspace, fixture } = project;
  const files = fixFiles(workspace, [...fixture.files.keys()], findOf(project));
  const left = [...fixture.files.keys()].flatMap((file) => finder(project)(workspace.analyze(file)));
  return { files, left: left.map(({ rule }) => rule) };
}

const inOperator = (body: string) =>
  inDag(`class Load extends BaseOperator<{ rows: readonly number[]; to: string }, number[]> {
  override execute() { return [1]; }
}
${body}`);

describe("fixing files", () => {
  it("applies every safe fix, and tells which", () => {
    const { files, left } = fix(
      inOperator(`const load = new Load({ task_id: "load", rows: [1], to: "here" });
      Load.partial({ task_id: "each" }).expand({ rows: load, to: ["a", "b"], pool: ["gpu"] });`),
    );
    const [{ before = "", after = "", applied = [] } = {}] = files;
    expect(after).toContain('.partial({ task_id: "each", pool: "gpu" }).expand({ rows: load.output, to: ["a", "b"] })');
    expect(applied.map(({ code }) => code)).toEqual(["not-mappable", "unmappable-parameter"]);
    const line = before.split("\n").findIndex((text) => text.includes("each")) + 1;
    expect(applied.map((each) => each.line)).toEqual([line, line]);
    expect(left).toEqual([]);
  });

  it("leaves what could have been meant otherwise", () => {
    const { files, left } = fix(inDag("add.partial({ y: 1 }).expand({ x: 5 });"));
    expect(files).toEqual([]);
    expect(left).toEqual(["not-mappable"]);
  });

  it("applies fixes that touch each other one after the other", () => {
    const { files, left } = fix(
      inOperator(`Load.partial({ task_id: "each", to: "x" }).expand({ rows: [[1]], pool: ["gpu"], queue: ["q"] });`),
    );
    expect(files).toHaveLength(1);
    expect(files[0]?.after).toContain("expand({ rows: [[1]] })");
    expect(files[0]?.applied).toHaveLength(2);
    expect(left).toEqual([]);
  });

  it("keeps line breaks, and what stands around", () => {
    const source = inDag('add.partial({ y: 1 }).expand({ x: nums }); // keep "this" 𝒻').replaceAll("\n", "\r\n");
    const [file] = fix(source).files;
    expect(file?.after).toBe(file?.before.replace("x: nums }", "x: nums() }"));
    expect(file?.before).toContain("\r\n");
  });

  it("leaves a file with syntax errors, and one that a fix would give some", () => {
    expect(fix(inDag("add.partial({ y: 1 }).expand({ x: nums }); const = 1;")).files).toEqual([]);
    const breaking = (project: MemoryProject) => (facts: FileFacts) =>
      finder(project)(facts).map((finding) => ({
        ...finding,
        fixes: [{ title: "Break it", safe: true as const, edits: [{ start: 0, end: 0, text: "const = 1;\n" }] }],
      }));
    const { files, left } = fix(inDag("add.partial({ y: 1 }).expand({ x: nums });"), breaking);
    expect([files, left]).toEqual([[], ["not-mappable"]]);
  });

  it("ends where fixes undo each other", () => {
    const endless = (project: MemoryProject) => (facts: FileFacts) =>
      finder(project)(facts).map((finding) => ({
        ...finding,
        fixes: [{ title: "Go on", safe: true as const, edits: [{ start: 0, end: 0, text: " " }] }],
      }));
    const { files } = fix(inDag("add.partial({ y: 1 }).expand({ x: nums });"), endless);
    expect(files[0]?.after).toMatch(/^ {2,20}\S/m);
  });

  it("gives one file's fix to the files that depend on it", () => {
    const { files, left } = fix(`
//- /main.ts
import { dag } from "fanout";
import { mapped } from "./mapped.js";
export default dag({ dag_id: "main" }, () => { mapped(); });
//- /mapped.ts
import { dag, task } from "fanout";
const nums = task({ task_id: "nums" }, () => [1]);
const add = task({ task_id: "add" }, ({ x }: { x: number }) => x);
export const mapped = () => add.expand({ x: nums });
export default dag({ dag_id: "other" }, () => { mapped(); });
`);
    expect(files.map(({ file, applied }) => [file, applied.length])).toEqual([["/mapped.ts", 1]]);
    expect(left).toEqual([]);
  });

  const most = campaign({ small: 1, middle: Infinity, full: Infinity });

  it.each(rules.map(({ meta }) => meta.name))("makes nothing worse of what %s shows", (name) => {
    for (const code of readRuleDoc(name).wrong.slice(0, most)) {
      const { left } = fix(`//- /main.dag.ts\n${code}`);
      expect(left.filter((each) => each !== name)).toEqual([]);
      expect(left.length).toBeLessThanOrEqual(1);
    }
  });
});
