import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Log, PhysicalLocation, ReportingDescriptor, Result } from "sarif";
import type { CheckAnswer, CheckProblem, CheckRule } from "#core/protocol/batch.js";

const LEVELS = { error: "error", warning: "warning", information: "note", hint: "note" } as const;

/** Not a rule of ours: what TypeScript's parser says. */
const SYNTAX: CheckRule = {
  name: "syntax-error",
  description: "A DAG file must be valid TypeScript.",
  defaultSeverity: "error",
  prevents: "syntax-error",
};

export interface SarifView {
  /** Paths inside of it are written relative to it, as services that annotate a repository want them. */
  readonly cwd: string;
  /** Fanout's own. */
  readonly version: string;
  /** The document of a rule, in Markdown, where it is installed. */
  readonly documentOf: (rule: string) => string | undefined;
}

/** `fanout check --format sarif`: SARIF 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html. */
export function checkSarif(answer: CheckAnswer, view: SarifView): Log {
  const { cwd, version } = view;
  const rules = [...answer.rules, SYNTAX];
  return {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: { driver: { name: "fanout", version, rules: rules.map((rule) => descriptorOf(rule, view)) } },
        columnKind: "utf16CodeUnits",
        originalUriBaseIds: { SRCROOT: { uri: `${pathToFileURL(cwd).href}/` } },
        invocations: [{ executionSuccessful: true }],
        results: answer.problems.map((problem) => resultOf(problem, rules, cwd)),
      },
    ],
  };
}

function descriptorOf({ name, description, defaultSeverity }: CheckRule, view: SarifView): ReportingDescriptor {
  const markdown = view.documentOf(name);
  return {
    id: name,
    // Shown beside a result by services that have no other way to our documents.
    ...(markdown !== undefined && { help: { text: description, markdown } }),
    shortDescription: { text: description },
    defaultConfiguration: { level: LEVELS[defaultSeverity] },
  };
}

function resultOf(problem: CheckProblem, rules: readonly CheckRule[], cwd: string): Result {
  const ruleIndex = rules.findIndex((rule) => rule.name === problem.code);
  return {
    ruleId: problem.code,
    ...(ruleIndex >= 0 && { ruleIndex }),
    level: LEVELS[problem.severity],
    message: { text: problem.message },
    ...(problem.executed && { properties: { origin: "executed" } }),
    locations: [{ physicalLocation: placeOf(problem, cwd) }],
  };
}

function placeOf({ file, line, column, endLine, endColumn }: CheckProblem, cwd: string): PhysicalLocation {
  const relative = path.relative(cwd, file);
  const isInside = !relative.startsWith("..") && !path.isAbsolute(relative);
  const inside = relative.split(path.sep).map(encodeURIComponent).join("/");
  return {
    artifactLocation: isInside ? { uri: inside, uriBaseId: "SRCROOT" } : { uri: pathToFileURL(file).href },
    region: { startLine: line, startColumn: column, endLine, endColumn },
  };
}
