import type { DagFacts, GroupFacts, InputFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { removeProperty } from "./support/edits.js";
import { mappedValues, resultsIn } from "./support/mappedResults.js";

export const xcomNotPushed = createRule({
  meta: {
    name: "xcom-not-pushed",
    category: "runtime",
    defaultSeverity: "error",
    description: "A task whose result is mapped over must keep it: `do_xcom_push` must not be false.",
    messages: {
      notKept: "'{consumer}' maps over the result of '{task}', which 'do_xcom_push: false' throws away. Remove it.",
      mapped: "'{consumer}' maps over it here.",
    },
    fixable: true,
    options: [],
    prevents: "xcom-not-pushed",
    phases: [1],
    dtm: ["DTM603"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      for (const { source, consumer, mapping } of mappedSources(dag)) {
        const option = source.options.find(({ name }) => name === "do_xcom_push");
        if (option?.value.type !== "const" || option.value.value !== false) continue;
        const data = { task: source.node.task_id, consumer: nameOf(consumer) };
        const related = [{ messageId: "mapped" as const, data, node: mapping.nameNode }];
        yield {
          messageId: "notKept",
          data,
          node: option.property,
          site: source.site,
          related,
          fixes: fixesFor(option),
        };
      }
    }
  },
});

interface Source {
  readonly source: TaskFacts;
  readonly consumer: TaskFacts | GroupFacts;
  readonly mapping: NonNullable<TaskFacts["mapping"]>;
}

/** Tasks that are not mapped themselves and whose whole result something surely maps over. */
function* mappedSources(dag: DagFacts): Generator<Source> {
  const tasks = new Map(dag.tasks.map((task) => [task.node.task_id, task]));
  for (const consumer of [...dag.tasks, ...dag.groups]) {
    const { mapping } = consumer;
    if (mapping === null || !isCertain(consumer, dag)) continue;
    for (const { task_id, mapped } of mappedValues(mapping).flatMap(resultsIn)) {
      const source = tasks.get(task_id);
      if (!mapped && source?.node.certainty === "exact") yield { source, consumer, mapping };
    }
  }
}

/** A group that is there only perhaps has no task that surely is. */
function isCertain(consumer: TaskFacts | GroupFacts, { tasks }: DagFacts): boolean {
  if (consumer.kind !== "group") return consumer.node.certainty === "exact";
  const { group_id } = consumer.node;
  return tasks.some(({ node }) => node.group_id === group_id && node.certainty === "exact");
}

function nameOf(consumer: TaskFacts | GroupFacts): string {
  return consumer.kind === "group" ? consumer.node.group_id : consumer.node.task_id;
}

function fixesFor({ property }: InputFacts): readonly Fix[] {
  const edit = removeProperty(property);
  return edit === undefined ? [] : [{ title: "Remove 'do_xcom_push'", edits: [edit] }];
}
