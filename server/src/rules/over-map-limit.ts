import type { ts } from "ts-morph";
import { DEFAULT_MAX_MAP_LENGTH } from "#core/configuration.js";
import type { DagFacts, FileFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Report } from "./createRule.js";
import { chunk } from "./support/chunk.js";
import { writtenLength } from "./support/lengths.js";
import { isCertain, mappedGroupAround, resultsIn } from "./support/mappedGroups.js";
import { type MappedOver, type MappedTarget, idOf, mappedOver, mappedTargets } from "./support/mappedInputs.js";
import { bodyOf, returnedExpressions } from "./support/taskBodies.js";

type MessageId = "result" | "literal" | "product" | "mapped";

export const overMapLimit = createRule({
  meta: {
    name: "over-map-limit",
    category: "runtime",
    defaultSeverity: "error",
    description:
      "A result that is mapped over has no more entries than the limit, which is 1024 unless it is configured.",
    messages: {
      result:
        "'{source}' returns {length} entries, but at most {limit} can be mapped over. Return chunks, or raise 'maxMapLength'.",
      literal: "This makes {length} instances, more than the limit of {limit}. Let each instance work on a chunk.",
      product:
        "This makes {factors} = {length} instances, more than the limit of {limit}. Map over fewer combinations.",
      mapped: "'{id}' is mapped over it here.",
    },
    severities: { literal: "warning", product: "warning" },
    fixable: true,
    options: [],
    prevents: "xcom-too-long",
    phases: [1],
    dtm: ["DTM604", "DTM605"],
  },
  *check(facts, { maxMapLength }) {
    const limit = maxMapLength ?? DEFAULT_MAX_MAP_LENGTH;
    const long: MappedTarget["target"][] = [];
    for (const over of mappedOver(facts, "not-mappable")) {
      if (!isCertain(over.target, over.dag)) continue;
      yield* longResults(over, limit);
      const length = lengthOf(over);
      if (length === undefined || length <= limit) continue;
      long.push(over.target);
      yield { messageId: "literal", data: texts({ length, limit }), node: over.node, site: over.target.site };
    }
    yield* products(facts, limit, long);
  },
});

function texts(data: Readonly<Record<string, string | number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, String(value)]));
}

/** Only what tasks without instances of their own return is counted when they return it. */
function* longResults({ value, target, dag }: MappedOver, limit: number): Generator<Report<MessageId>> {
  for (const source of sources(resultsIn(value), dag)) {
    const body = bodyOf(source);
    for (const returned of body === undefined ? [] : returnedExpressions(body)) {
      const length = writtenLength(returned);
      if (length === undefined || length <= limit) continue;
      const data = texts({ source: source.node.task_id, id: idOf(target), length, limit });
      yield {
        messageId: "result",
        data,
        node: returned,
        site: target.site,
        related: [{ messageId: "mapped", data, node: target.mapping?.nameNode ?? target.site }],
        fixes: chunk(returned, Math.ceil(length / limit)),
      };
    }
  }
}

function sources(ids: readonly string[], dag: DagFacts): readonly TaskFacts[] {
  const isCounted = (task: TaskFacts): boolean =>
    task.mapping === null && returnsItsResult(task) && mappedGroupAround(task, dag) === undefined;
  return dag.tasks.filter((task) => ids.includes(task.node.task_id) && isCertain(task, dag) && isCounted(task));
}

/** The functions of other variants return something that becomes the result only afterwards, or none. */
function returnsItsResult({ kind, flavour }: TaskFacts): boolean {
  return kind === "operator" || flavour === "task";
}

/** Of what is written in the file; the interpreter does not keep the items of very long lists. */
function lengthOf({ value, node }: MappedOver): number | undefined {
  if (value.type === "list" && value.complete) return value.items.length;
  if (value.type === "dict" && value.complete) return value.entries.size;
  return value.type === "xcom" ? undefined : writtenLength(node as ts.Expression);
}

/** Inputs that are short enough by themselves, but not all combinations of them. */
function* products(
  facts: FileFacts,
  limit: number,
  long: readonly MappedTarget["target"][],
): Generator<Report<MessageId>> {
  for (const { target, mapping, dag } of mappedTargets(facts)) {
    const inputs = target.node.mapping?.inputs ?? [];
    const lengths = inputs.map(({ source }) => (source.type === "unresolved" ? undefined : source.length));
    if (lengths.length < 2 || !lengths.every((length) => length !== undefined)) continue;
    const length = lengths.reduce((product, each) => product * each, 1);
    if (length <= limit || long.includes(target) || !isCertain(target, dag)) continue;
    const data = texts({ factors: lengths.join(" × "), length, limit });
    yield { messageId: "product", data, node: mapping.nameNode, site: target.site };
  }
}
