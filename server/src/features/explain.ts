import path from "node:path";
import type { ts } from "ts-morph";
import { countLabel, mapCount } from "#core/model/graph.js";
import type { SourceSpan } from "#core/model/source.js";
import type { DagFacts, FileFacts } from "../analysis/facts.js";
import { spanOf } from "../analysis/spans.js";
import type { ExactAnswer } from "./exactGraphs.js";
import { code } from "./markdown.js";

/** What was looked for in a file, what was found, and why the rest was not: Markdown for a document. */
export function explain(facts: FileFacts, exact?: ExactAnswer): string {
  const name = path.basename(facts.fileName);
  const sections = [
    `# ${code(name)} as Fanout reads it`,
    "Reading never runs the code. What it cannot decide is listed as such, and no rule speaks about it.",
    ...(facts.broken ? ["**The text has syntax errors.** This is as much as could be read."] : []),
    facts.dags.length === 0 ? noDag() : facts.dags.map((dag) => describeDag(dag, facts)).join("\n\n"),
    ...(exact === undefined ? [] : [describeExact(exact)]),
    ...list(
      "Partials that are never expanded",
      facts.unexpanded.map((each) => at(each.call, each.name ?? "partial", facts)),
    ),
    ...list(
      "Notes",
      facts.notes.map((note) => noteLine(note.text, note.node, facts)),
    ),
    ...list(
      "Files that were read",
      facts.dependencies.map((file) => code(relative(file, facts))),
    ),
  ];
  return `${sections.join("\n\n")}\n`;
}

export function explainForeignFile(fileName: string): string {
  const name = code(path.basename(fileName));
  return `# ${name} as Fanout reads it\n\nThis file imports nothing from ${code("fanout")}, so it is not looked at.\n`;
}

/** What executing gave, beside what reading says. */
function describeExact(exact: ExactAnswer): string {
  const title = "## As it was executed when it was saved";
  if (!exact.ok) return `${title}\n\nIt could not be executed: ${exact.error.message}`;
  const lines = exact.value.map(({ dag_id, tasks }) => {
    return `DAG ${code(dag_id)}: ${tasks.map(({ task_id }) => code(task_id)).join(", ") || "no tasks"}`;
  });
  return [title, ...(lines.length === 0 ? ["It made no DAG."] : [lines.map((line) => `- ${line}`).join("\n")])].join(
    "\n\n",
  );
}

function noDag(): string {
  return `**No DAG was found.** Looked for calls of ${code("dag")} from ${code("fanout")}, also under another name.`;
}

function describeDag({ model }: DagFacts, facts: FileFacts): string {
  const where = model.span === undefined ? "" : ` (line ${model.span.line})`;
  const tasks = model.tasks.map((task) => {
    const count = mapCount(task, model);
    const label = count === null ? "" : ` ${code(countLabel(count))}`;
    const sure = task.certainty === "exact" ? "" : ` — _${task.certainty}_`;
    return `${code(task.task_id)}${label}, ${code(task.operator)}${sure}${lineOf(task.span, facts)}`;
  });
  const edges = model.edges.map(({ from, to, span }) => `${code(from)} → ${code(to)}${lineOf(span, facts)}`);
  const undecided = model.unresolved.map(({ what, reason, span }) => `${what}: ${reason}${lineOf(span, facts)}`);
  return [
    `## DAG ${code(model.dag_id)}${where}`,
    ...list("Tasks", tasks),
    ...list("Dependencies", edges),
    ...list("Could not be decided by reading", undecided),
  ].join("\n\n");
}

function list(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : [`### ${title}`, items.map((item) => `- ${item}`).join("\n")];
}

function noteLine(text: string, node: ts.Node | undefined, facts: FileFacts): string {
  return node === undefined ? text : `${text}${lineOf(spanOf(node), facts)}`;
}

function at(node: ts.Node, name: string, facts: FileFacts): string {
  return `${code(name)}${lineOf(spanOf(node), facts)}`;
}

function lineOf(span: SourceSpan | undefined, facts: FileFacts): string {
  if (span === undefined) return "";
  const file = span.file === facts.fileName ? "" : `${code(relative(span.file, facts))} `;
  return ` (${file}line ${span.line})`;
}

function relative(file: string, facts: FileFacts): string {
  return path.relative(path.dirname(facts.fileName), file) || path.basename(file);
}
