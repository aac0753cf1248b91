import { ts } from "ts-morph";
import { ID_LENGTHS, type IdKind, forbiddenCharacters, withoutForbidden } from "#core/model/ids.js";
import type { DagFacts, InputFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix, type Report } from "./createRule.js";
import { replace } from "./support/edits.js";

type MessageId = "characters" | "dot" | "empty" | "tooLong" | "tooLongInGroup";

export const invalidId = createRule({
  meta: {
    name: "invalid-id",
    category: "graph",
    defaultSeverity: "error",
    description: "Ids consist of letters, digits, `_`, `-` and `.`, and have at most 250 characters.",
    messages: {
      characters: "The {kind} '{id}' has {characters}, which no id can have. Use letters, digits, '_', '-' and '.'.",
      dot: "The {kind} '{id}' has a dot, which parts a group from what is in it. Use '_' or '-'.",
      empty: "The {kind} is empty. Give it a name.",
      tooLong: "The {kind} has {length} characters. Use at most {most}.",
      tooLongInGroup: "With the groups around it this {kind} has {length} characters. Use at most {most} in all.",
    },
    fixable: true,
    options: [],
    prevents: "invalid-id",
    phases: [1],
    dtm: ["DTM403", "DTM404"],
  },
  *check(facts) {
    for (const dag of facts.dags) {
      const taken = new Set([dag.model.dag_id, ...dag.tasks.map(({ node }) => node.task_id)]);
      for (const written of writtenIds(dag)) {
        const mistake = mistakeIn(written);
        if (mistake !== undefined) yield report(written, mistake, taken);
      }
    }
  },
});

/** An id and the place where it is written. */
interface WrittenId {
  readonly kind: IdKind;
  /** What is known of it: `*` stands for the rest where it is a `pattern`. */
  readonly text: string;
  readonly isPattern: boolean;
  /** The whole id, with those of the groups around it; undefined where it is not known for sure. */
  readonly whole: string | undefined;
  readonly node: ts.Node;
  readonly site: ts.Node;
}

function* writtenIds(dag: DagFacts): Generator<WrittenId> {
  const dagId = dag.options.find(({ name }) => name === "dag_id");
  if (dagId !== undefined) yield* written("dag_id", dagId, undefined, dag.call);
  for (const group of [...dag.groups, ...dag.groupAlternatives]) {
    const given = group.options.find(({ name }) => name === "group_id");
    if (given !== undefined) yield* written("group_id", given, undefined, group.site);
  }
  for (const task of [...dag.tasks, ...dag.alternatives]) yield* writtenTaskId(task);
}

function* writtenTaskId(task: TaskFacts): Generator<WrittenId> {
  const whole = task.node.certainty === "exact" ? task.node.task_id : undefined;
  const given = task.options.find(({ name }) => name === "task_id");
  if (given !== undefined) {
    // An empty one of a task function is a missing one.
    if (task.isNamed || task.kind === "operator") yield* written("task_id", given, whole, task.site);
  } else if (task.idNode !== undefined && ts.isIdentifier(task.idNode)) {
    const { text } = task.idNode;
    yield { kind: "task_id", text, isPattern: false, whole, node: task.idNode, site: task.site };
  }
}

/** Nothing where the value is no text: TypeScript says so. */
function* written(
  kind: IdKind,
  { value, expression: node }: InputFacts,
  whole: string | undefined,
  site: ts.Node,
): Generator<WrittenId> {
  if (value.type === "pattern") yield { kind, text: value.text, isPattern: true, whole, node, site };
  if (value.type !== "const" || typeof value.value !== "string") return;
  yield { kind, text: value.value, isPattern: false, whole, node, site };
}

interface Mistake {
  readonly messageId: MessageId;
  readonly length?: number;
  readonly characters?: readonly string[];
}

function mistakeIn({ kind, text, isPattern, whole }: WrittenId): Mistake | undefined {
  if (text === "") return { messageId: "empty" };
  const known = isPattern ? text.replaceAll("*", "") : text;
  const characters = forbiddenCharacters(kind, known);
  if (characters.length === 1 && characters[0] === ".") return { messageId: "dot" };
  if (characters.length > 0) return { messageId: "characters", characters };
  const most = ID_LENGTHS[kind];
  if (known.length > most) return { messageId: "tooLong", length: known.length };
  const length = whole?.length ?? 0;
  return length > most ? { messageId: "tooLongInGroup", length } : undefined;
}

function report(id: WrittenId, mistake: Mistake, taken: ReadonlySet<string>): Report<MessageId> {
  const { kind, text, node, site } = id;
  return {
    messageId: mistake.messageId,
    data: {
      ...{ kind, id: text, most: String(ID_LENGTHS[kind]), length: String(mistake.length ?? "") },
      characters: (mistake.characters ?? [])
        .map((character) => (character === " " ? "a space" : `'${character}'`))
        .join(" and "),
    },
    node,
    site,
    fixes: fixesFor(id, mistake, taken),
  };
}

function fixesFor({ kind, text, node }: WrittenId, { messageId }: Mistake, taken: ReadonlySet<string>): readonly Fix[] {
  const isReplaced = messageId === "characters" || messageId === "dot";
  if (!isReplaced || !ts.isStringLiteralLike(node)) return [];
  const id = withoutForbidden(kind, text);
  if (/^_+$/.test(id) || taken.has(id)) return [];
  return [{ title: `Call it '${id}'`, edits: [replace(node, JSON.stringify(id))] }];
}
