import path from "node:path";
import { fileURLToPath } from "node:url";
import type {
  BatchRefusal,
  CheckAnswer,
  CheckedDag,
  CheckProblem,
  CheckRule,
  ModelAnswer,
} from "#core/protocol/batch.js";
import { findDagFiles } from "./dagFiles.js";
import { syntaxErrors } from "./features/syntaxErrors.js";
import { fixFiles, isFixable } from "./fixFiles.js";
import { FolderSettings } from "./folderSettings.js";
import type { FileFacts } from "./analysis/facts.js";
import type { RuleMeta } from "./rules/createRule.js";
import { ruleCatalogue, rules } from "./rules/index.js";
import { type Finding, runRules } from "./rules/runRules.js";
import { ruleSettings } from "./ruleSettings.js";
import { Workspace } from "./workspace/workspace.js";

/** `batch.cjs check|fix|model PATH…`: the questions and answers are those of `core/src/protocol/batch.ts`. */

/** A person waits for a command longer than for an editor, and what it leaves out nobody will look at again. */
const timeLimit = 30_000;

function check(workspace: Workspace, files: readonly string[], fixes: boolean): CheckAnswer | BatchRefusal {
  const folders = new FolderSettings({ env: process.env, ruleNames: ruleCatalogue.map(({ name }) => name) });
  // What a person set and we cannot read must not silently count for nothing.
  const [misread] = files.flatMap((file) => folders.for(file).problems);
  if (misread !== undefined) return { code: "invalid-option", ...misread };
  const find = (facts: FileFacts): readonly Finding[] => {
    const types = workspace.typeQueries(facts.fileName);
    return runRules(facts, { rules, types, ...ruleSettings(folders.for(facts.fileName)) });
  };
  const fixed = fixes ? fixFiles(workspace, files, find) : [];
  const problems: CheckProblem[] = [];
  let fixable = 0;
  for (const file of files) {
    const facts = workspace.analyze(file);
    const findings = find(facts);
    fixable += findings.filter(isFixable).length;
    problems.push(...syntaxProblems(facts), ...findings.map(toProblem));
  }
  const dags = files.flatMap((file) =>
    workspace.analyze(file).dags.map(({ model: { dag_id } }): CheckedDag => ({ file, dag_id })),
  );
  return { problems, fixable, fixed, files, dags, rules: ruleCatalogue.map(summarise) };
}

function toProblem({ span, rule: code, severity, message }: Finding): CheckProblem {
  return { ...span, code, severity, message };
}

function summarise({ name, description, defaultSeverity, prevents }: RuleMeta): CheckRule {
  return { name, description, defaultSeverity, prevents };
}

function model(workspace: Workspace, files: readonly string[]): ModelAnswer {
  const facts = files.map((file) => workspace.analyze(file));
  return {
    dags: facts.flatMap(({ dags }) => dags.map((dag) => dag.model)),
    problems: facts.flatMap(syntaxProblems),
  };
}

function syntaxProblems(facts: FileFacts): readonly CheckProblem[] {
  return syntaxErrors(facts).map(({ span, message }) => ({
    ...span,
    code: "syntax-error",
    severity: "error",
    message,
  }));
}

function answer(command: string | undefined, paths: readonly string[]): CheckAnswer | ModelAnswer | BatchRefusal {
  if (command !== "check" && command !== "fix" && command !== "model") {
    return { code: "invalid-option", message: "Ask for 'check', 'fix' or 'model', then name files and folders." };
  }
  const bundledTypes = fileURLToPath(new URL("../types/index.d.ts", import.meta.url));
  const workspace = new Workspace({ bundledTypes, timeLimit });
  const absolute = (paths.length === 0 ? ["."] : paths).map((each) => path.resolve(each));
  const { files, problem } = findDagFiles(absolute, (file) => workspace.isDagFile(file));
  if (problem !== undefined) return problem;
  workspace.addFiles(files);
  return command === "model" ? model(workspace, files) : check(workspace, files, command === "fix");
}

function main([command, ...paths]: readonly string[], done: () => void): void {
  const result = answer(command, paths);
  const isRefusal = "code" in result;
  const stream = isRefusal ? process.stderr : process.stdout;
  stream.write(`${JSON.stringify(result)}\n`, done);
  process.exitCode = isRefusal ? 2 : 0;
}

/** `done` is told when the answer was written. */
export function start(done: () => void): void {
  main(process.argv.slice(2), done);
}
