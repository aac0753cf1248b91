import type { Colors } from "./colors.js";
import type { CheckAnswer, CheckProblem, FixedFile } from "#core/protocol/batch.js";
import { codeFrame, sourceLines } from "./codeFrame.js";
import { placeText, type ErrorView } from "./errorText.js";
import { plural } from "./text.js";

type Severity = CheckProblem["severity"];

const NAMES: Readonly<Record<Severity, string>> = {
  error: "error",
  warning: "warning",
  information: "info",
  hint: "hint",
};

/** `fanout check`: every problem with its code, then how many there are. */
export function checkLines(answer: CheckAnswer, view: ErrorView, maxWarnings?: number): string[] {
  const { colors } = view;
  const sources = new Map<string, readonly string[] | undefined>();
  const blocks = answer.problems.flatMap((problem) => [...problemLines(problem, view, sources), ""]);
  const warnings = warningCount(answer);
  const tooMany = maxWarnings !== undefined && warnings > maxWarnings;
  return [
    ...blocks,
    totalLine(answer, colors),
    ...fixableLines(answer, colors),
    ...(tooMany ? [colors.red(`More warnings than --max-warnings ${maxWarnings} allows.`)] : []),
  ];
}

/** `fixed dags/adder.dag.ts:9:38  unmappable-parameter  Move 'pool' to 'override'` */
export function fixedLines(files: readonly FixedFile[], { cwd, colors }: Omit<ErrorView, "readSource">): string[] {
  return files.flatMap(({ file, applied }) =>
    applied.map(({ line, column, code, title }) => {
      const place = placeText({ file, line, column }, cwd);
      return `${colors.green(colors.bold("fixed"))} ${place}  ${colors.dim(code)}  ${title}`;
    }),
  );
}

function fixableLines({ fixable }: CheckAnswer, colors: Colors): string[] {
  if (fixable === 0) return [];
  return [`${colors.cyan("→")} ${fixable === 1 ? "One of them" : `${fixable} of them`} can be fixed by --fix.`];
}

export function warningCount(answer: CheckAnswer): number {
  return answer.problems.filter((problem) => problem.severity === "warning").length;
}

/**
 * ```
 * error dags/adder.dag.ts:9:38  unmappable-parameter
 *   Parameter 'pool' …
 *   9 │ …
 * ```
 */
function problemLines(
  problem: CheckProblem,
  view: ErrorView,
  sources: Map<string, readonly string[] | undefined>,
): string[] {
  const { colors } = view;
  const paint = paintOf(problem.severity, colors);
  if (!sources.has(problem.file)) {
    const text = view.readSource(problem.file);
    sources.set(problem.file, text === undefined ? undefined : sourceLines(text));
  }
  const source = sources.get(problem.file);
  const executed = problem.executed ? colors.dim(" (executed)") : "";
  const frame = source === undefined ? [] : codeFrame(source, problem, colors, paint);
  return [
    `${paint(colors.bold(NAMES[problem.severity]))} ${placeText(problem, view.cwd)}  ${colors.dim(problem.code)}${executed}`,
    ...problem.message.split("\n").map((line) => `  ${line}`),
    ...frame.map((line) => `  ${line}`),
  ];
}

function totalLine(answer: CheckAnswer, colors: Colors): string {
  const files = plural(answer.files.length, "file");
  if (answer.files.length === 0) return colors.yellow("No DAG files were found.");
  if (answer.problems.length === 0) return `${colors.green("✓")} ${files} checked, no problems.`;
  const counts = (Object.keys(NAMES) as Severity[]).flatMap((severity) => {
    const count = answer.problems.filter((problem) => problem.severity === severity).length;
    return count === 0 ? [] : [paintOf(severity, colors)(nounOf(severity, count))];
  });
  return `${files} checked: ${counts.join(", ")}.`;
}

function nounOf(severity: Severity, count: number): string {
  if (severity === "information") return plural(count, "note");
  return plural(count, severity);
}

function paintOf(severity: Severity, colors: Colors): Colors["red"] {
  switch (severity) {
    case "error":
      return colors.red;
    case "warning":
      return colors.yellow;
    case "information":
      return colors.cyan;
    case "hint":
      return colors.dim;
  }
}
