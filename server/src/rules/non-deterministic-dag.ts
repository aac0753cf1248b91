import type { ts } from "ts-morph";
import type { DagFacts, MappingFacts, VolatileUse } from "../analysis/facts.js";
import { unwrap } from "../analysis/symbols.js";
import { volatilityIn } from "../analysis/volatility.js";
import { createRule, type Report } from "./createRule.js";
import { mappedTargets } from "./support/mappedInputs.js";

type MessageId = "random" | "time" | "environment" | "use";

export const nonDeterministicDag = createRule({
  meta: {
    name: "non-deterministic-dag",
    category: "dag",
    defaultSeverity: "error",
    description: "A DAG is the same each time its file is loaded.",
    messages: {
      random:
        "{what} of '{dag}' depends on something random, so each process that loads the file gets another DAG. Let a task draw the number.",
      time: "{what} of '{dag}' depends on the time at which the file is loaded, so a run may get another DAG than the one before. Use the run's logical date in a task.",
      environment:
        "{what} of '{dag}' depends on the environment in which the file is loaded: elsewhere it is another DAG.",
      use: "{what} depends on it.",
    },
    severities: { time: "warning", environment: "information" },
    fixable: false,
    options: [],
    prevents: "graph-not-deterministic",
    phases: [1],
    dtm: [],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const mapped = [...mappedTargets({ ...facts, dags: [dag] })].flatMap(({ mapping }) => mappedUses(mapping));
      // A date, number or text that is mapped over itself is no list, which another rule says.
      const uses = [...dag.volatile, ...mapped].filter(
        ({ what, node, of }) => what !== "mapping" || of.node !== unwrap(node as ts.Expression),
      );
      for (const each of bySource(uses)) yield* report(each, dag);
    }
  },
});

/** Which values are mapped over belongs to the graph, not only how many. What the environment says stays as it is. */
function mappedUses({ kind, inputs, argument, call }: MappingFacts): VolatileUse[] {
  const [written = call] = call.arguments;
  const given = kind === "expand" ? inputs : [{ expression: written, value: argument }];
  return given.flatMap(({ expression: node, value }) => {
    const of = volatilityIn(value);
    return of === undefined || of.source === "environment" ? [] : [{ what: "mapping", node, of }];
  });
}

/** One reading of the clock is one mistake, however much depends on it. */
function bySource(uses: readonly VolatileUse[]): Iterable<readonly VolatileUse[]> {
  const groups = new Map<ts.Node, VolatileUse[]>();
  for (const use of uses) {
    const known = groups.get(use.of.node);
    if (known === undefined) groups.set(use.of.node, [use]);
    else known.push(use);
  }
  return groups.values();
}

function* report(uses: readonly VolatileUse[], dag: DagFacts): Generator<Report<MessageId>> {
  const [use, ...others] = uses;
  if (use === undefined) return;
  const dagFile = dag.call.getSourceFile();
  const isHere = use.of.node.getSourceFile() === dagFile;
  yield {
    messageId: use.of.source,
    data: { what: nameOf(use), dag: dag.model.dag_id },
    node: isHere ? use.of.node : use.node,
    site: use.node.getSourceFile() === dagFile ? use.node : dag.call,
    related: others.map((other) => ({ messageId: "use", data: { what: nameOf(other) }, node: other.node })),
  };
}

const NAMES: Readonly<Record<VolatileUse["what"], string>> = {
  call: "A call",
  condition: "A condition",
  dag_id: "The id",
  edge: "A dependency",
  group_id: "The id of a group",
  inputs: "The inputs of a task",
  loop: "A loop",
  mapping: "What is mapped over",
  task_id: "The id of a task",
  value: "An option of a task",
};

function nameOf({ what }: VolatileUse): string {
  return NAMES[what];
}
