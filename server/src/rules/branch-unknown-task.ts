import type { ts } from "ts-morph";
import type { DagFacts, FileFacts, TaskFacts } from "../analysis/facts.js";
import { createRule, type Fix } from "./createRule.js";
import { writtenIds } from "./support/choices.js";
import { replace } from "./support/edits.js";
import { isCertain } from "./support/mappedGroups.js";
import { nearestName } from "./support/nearestName.js";
import { returnedExpressions } from "./support/taskBodies.js";

export const branchUnknownTask = createRule({
  meta: {
    name: "branch-unknown-task",
    category: "runtime",
    defaultSeverity: "error",
    description: "A branch returns ids of tasks or groups of its DAG, with the ids of the groups around them.",
    messages: {
      unknown: "'{branch}' returns '{id}', which is no task or group of its DAG. Return the whole id of one.",
      meant: "'{branch}' returns '{id}', which is no task or group of its DAG. Did you mean '{meant}'?",
    },
    fixable: true,
    options: [],
    prevents: "branch-unknown-task",
    phases: [1],
    dtm: ["DTM514"],
  },
  *check(facts) {
    for (const [fn, { task, dags }] of branches(facts)) {
      if (dags.some((dag) => mayHoldMore(dag, facts))) continue;
      const known = new Set(dags.flatMap(idsOf));
      for (const node of returnedExpressions(fn).flatMap(writtenIds)) {
        if (known.has(node.text)) continue;
        const meant = meantId(node.text, task, known);
        const data = { branch: task.node.task_id, id: node.text, meant: meant ?? "" };
        const messageId = meant === undefined ? "unknown" : "meant";
        yield { messageId, data, node, site: task.site, fixes: meant === undefined ? [] : [rename(node, meant)] };
      }
    }
  },
});

/** A branch's function, and all DAGs of the file that have it: which of its ids is meant for which, nobody can tell. */
interface Branch {
  readonly task: TaskFacts;
  readonly dags: readonly DagFacts[];
}

/** Those that are written in this file, so that no other file's DAG uses them unseen. */
function branches(facts: FileFacts): ReadonlyMap<ts.SignatureDeclaration, Branch> {
  const found = new Map<ts.SignatureDeclaration, Branch>();
  for (const dag of facts.dags) {
    for (const task of dag.tasks) {
      if (task.flavour !== "task.branch" || task.fn?.getSourceFile() !== facts.sourceFile || !isCertain(task, dag))
        continue;
      const before = found.get(task.fn);
      found.set(task.fn, { task: before?.task ?? task, dags: [...(before?.dags ?? []), dag] });
    }
  }
  return found;
}

function idsOf({ model }: DagFacts): readonly string[] {
  return [...model.tasks.map(({ task_id }) => task_id), ...model.groups.map(({ group_id }) => group_id)];
}

const HIDING: ReadonlySet<string> = new Set(["task_id", "group_id", "dag_id", "call", "loop"]);

/** True where the DAG may have tasks that reading does not see, or not under their ids. */
function mayHoldMore({ model }: DagFacts, { broken, observations }: FileFacts): boolean {
  const isUnread = observations.some(({ kind, dag }) => kind === "unread-call" && dag === model.dag_id);
  return broken || isUnread || model.unresolved.some(({ what }) => HIDING.has(what));
}

/** The same id in the branch's own groups, or else the one that is nearest. */
function meantId(id: string, { node }: TaskFacts, known: ReadonlySet<string>): string | undefined {
  const parts = node.task_id.split(".").slice(0, -1);
  const inGroups = parts.map((_, index) => [...parts.slice(0, parts.length - index), id].join("."));
  const others = [...known].filter((other) => other !== node.task_id);
  const ends = others.filter((other) => other.endsWith(`.${id}`));
  return inGroups.find((each) => known.has(each)) ?? (ends.length === 1 ? ends[0] : nearestName(id, others));
}

function rename(node: ts.StringLiteralLike, id: string): Fix {
  return { title: `Change it to '${id}'`, edits: [replace(node, JSON.stringify(id))] };
}
