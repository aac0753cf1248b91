import { FILTER_NAMES, MACRO_NAMES, TEST_NAMES, CONTEXT_NAMES } from "#core/templates/names.js";
import { type TemplateProblem, templateProblems } from "../templates/templateProblems.js";
import { createRule, type MessageData } from "./createRule.js";
import { nearestName } from "./support/nearestName.js";
import { templateTexts } from "./support/templateTexts.js";

export const invalidTemplate = createRule({
  meta: {
    name: "invalid-template",
    category: "dag",
    defaultSeverity: "error",
    description: "Templates must be ones that can be read, with names, filters and tests that there are.",
    messages: {
      syntax: "This template cannot be read, in its line {line}: {reason}.",
      filter: "There is no filter '{name}' in templates.{meant}",
      test: "There is no test '{name}' in templates.{meant}",
      name: "There is no '{name}' in templates: it is neither part of the context nor an input of '{task}'.{meant}",
      macro: "'macros' has no '{name}'.{meant}",
      otherDag: "'xcom_pull' reaches only tasks of the same run, not those of the DAG '{name}'.",
    },
    fixable: false,
    options: [],
    prevents: "template-failed",
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    for (const { text, node, task, dag_id } of templateTexts(facts)) {
      const isIdKnown = !dag_id.includes("*");
      const names = { inputs: task.parameters, dag_id: isIdKnown ? dag_id : undefined };
      const [problem] = templateProblems(text, names);
      if (problem === undefined) continue;
      const data = dataOf(problem, task.node.task_id);
      yield { messageId: problem.kind, data, node, site: task.site };
    }
  },
});

function dataOf(problem: TemplateProblem, task: string): MessageData {
  switch (problem.kind) {
    case "syntax":
      return { reason: problem.reason, line: String(problem.line) };
    case "otherDag":
      return { name: problem.dag_id };
    case "filter":
      return { name: problem.name, meant: meant(problem.name, FILTER_NAMES) };
    case "test":
      return { name: problem.name, meant: meant(problem.name, TEST_NAMES) };
    case "macro":
      return { name: problem.name, meant: meant(problem.name, MACRO_NAMES) };
    case "name":
      return { name: problem.name, task, meant: meant(problem.name, CONTEXT_NAMES) };
  }
}

function meant(name: string, known: ReadonlySet<string>): string {
  const nearest = nearestName(name, known);
  return nearest === undefined ? "" : ` Did you mean '${nearest}'?`;
}
