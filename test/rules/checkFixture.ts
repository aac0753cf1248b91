import { expect } from "vitest";
import { DEFAULT_PROJECT_OPTIONS, type ProjectOptions } from "#core/configuration.js";
import type { Settings } from "#core/settings.js";
import type { Fix } from "../../server/src/rules/createRule.js";
import { rules } from "../../server/src/rules/index.js";
import { type Finding, runRules } from "../../server/src/rules/runRules.js";
import { describeMarkers } from "../support/markers.js";
import type { MemoryProject } from "../support/memoryProject.js";
import { SharedProject } from "../support/sharedProject.js";

export interface Checked {
  readonly findings: readonly Finding[];
  readonly project: MemoryProject;
}

const projects = new SharedProject();

/** Names and tasks that most fixtures of rules need. */
const prelude = `
  import { BaseOperator, BashOperator, chain, dag, task, task_group, type XComArg } from "fanout";
  const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number; note?: string }) => x + y);
  const num = task({ task_id: "num" }, () => 42);
  const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
  const strs = task({ task_id: "strs" }, async () => ["a", "b"]);
  const both = task_group({ group_id: "both" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => add({ x, y }));
`;

/** A file with the prelude and a DAG of this body, whose lines may carry markers. */
export function inDag(body: string): string {
  return `${prelude}
  export default dag({ dag_id: "example" }, () => {
${body}
  });
`;
}

/**
 * Fixtures call their tasks more than once, and take what only a run knows from its environment: that this gives other
 * ids, and other DAGs elsewhere, is of interest to one test each.
 */
const quiet: Settings["rules"] = { "duplicate-task-id": "off", "non-deterministic-dag": "off" };

/** Runs every rule over the first file: what is found must be exactly what is marked. */
export function checkFixture(source: string, severities = quiet, options: Partial<ProjectOptions> = {}): Checked {
  const project = projects.open(source);
  const findings = findIn(project, severities, options);
  expect(describeMarkers(findings.map(toMarker))).toEqual(describeMarkers(project.fixture.markers));
  return { findings, project };
}

/** The only finding of the first file. */
export function checkOne(
  source: string,
  severities = quiet,
  options: Partial<ProjectOptions> = {},
): { readonly finding: Finding; readonly project: MemoryProject } {
  const { findings, project } = checkFixture(source, severities, options);
  const [finding] = findings;
  if (finding === undefined || findings.length > 1) throw new Error(`${findings.length} findings instead of one`);
  return { finding, project };
}

/** The first file with one of the finding's fixes applied, without the lines of markers; analysed again it must be clean. */
export function fixed(source: string, title = /./, severities = quiet, options: Partial<ProjectOptions> = {}): string {
  const { finding, project } = checkOne(source, severities, options);
  const fix = finding.fixes.find((each) => title.test(each.title));
  if (fix === undefined)
    throw new Error(`No such fix among ${JSON.stringify(finding.fixes.map((each) => each.title))}`);
  const { main } = project.fixture;
  const text = applyFix(project.fixture.files.get(main) ?? "", fix);
  project.workspace.changeDocument(main, text, 2);
  expect(findIn(project, severities, options), text).toEqual([]);
  return text.replace(/^\s*\/\/\s*\^+.*\n/gm, "");
}

export function applyFix(text: string, { edits }: Pick<Fix, "edits">): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((changed, edit) => changed.slice(0, edit.start) + edit.text + changed.slice(edit.end), text);
}

function findIn(
  { workspace, fixture }: MemoryProject,
  severities: Settings["rules"],
  options: Partial<ProjectOptions>,
): readonly Finding[] {
  const facts = workspace.analyze(fixture.main);
  const project = { ...DEFAULT_PROJECT_OPTIONS, ...options };
  return runRules(facts, { rules, severities, project, types: workspace.typeQueries(fixture.main) });
}

function toMarker({ span, rule }: Finding) {
  return { file: span.file, line: span.line, column: span.column, endColumn: span.endColumn, code: rule };
}
