import path from "node:path";
import type { CheckAnswer, CheckProblem } from "#core/protocol/batch.js";
import { escapeXml } from "./xml.js";

/**
 * `fanout check --format junit`: a suite for each file, a failing case for each error and warning, so that services
 * which show tests show them. A file without any is one case that passed.
 */
export function checkJunit(answer: CheckAnswer, cwd: string): string {
  const failing = answer.problems.filter(isFailure);
  // Executing may refuse what a helper's file does, which is not checked itself.
  const files = [...new Set([...answer.files, ...failing.map(({ file }) => file)])];
  const suites = files.flatMap((file) => suiteLines(path.relative(cwd, file), ofFile(failing, file)));
  const tests = files.reduce((sum, file) => sum + Math.max(1, ofFile(failing, file).length), 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="fanout check" tests="${tests}" failures="${failing.length}" errors="0">`,
    ...suites,
    "</testsuites>",
  ].join("\n");
}

function isFailure({ severity }: CheckProblem): boolean {
  return severity === "error" || severity === "warning";
}

function ofFile(problems: readonly CheckProblem[], file: string): readonly CheckProblem[] {
  return problems.filter((problem) => problem.file === file);
}

function suiteLines(file: string, problems: readonly CheckProblem[]): string[] {
  const name = attribute(file);
  const cases = problems.map((problem) => caseLine(name, problem));
  return [
    `  <testsuite name=${name} tests="${Math.max(1, cases.length)}" failures="${cases.length}" errors="0">`,
    ...(cases.length > 0 ? cases : [`    <testcase name="fanout check" classname=${name}/>`]),
    "  </testsuite>",
  ];
}

function caseLine(classname: string, problem: CheckProblem): string {
  const { code, severity, message, line, column } = problem;
  const place = `${problem.file}:${line}:${column}`;
  const name = attribute(`${code} (${line}:${column})`);
  const failure = `<failure type=${attribute(severity)} message=${attribute(message)}>${escapeXml(place)}</failure>`;
  return `    <testcase name=${name} classname=${classname}>${failure}</testcase>`;
}

function attribute(text: string): string {
  return `"${escapeXml(text)}"`;
}
