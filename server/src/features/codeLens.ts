import { isMapped } from "#core/model/graph.js";
import type { SourceSpan } from "#core/model/source.js";
import { LENS_COMMANDS, type LensTarget, type TargetTask, type TasksTarget } from "#core/protocol/lensCommands.js";
import type { FileFacts } from "../analysis/facts.js";
import { spanOf } from "../analysis/spans.js";
import { tasksOf } from "./tasks.js";

export interface Lens {
  readonly span: SourceSpan;
  readonly title: string;
  readonly command: string;
  readonly target: LensTarget;
}

/** Run and Preview above each `dag()` call, and above each line that makes tasks what runs one of them alone. */
export function codeLens(facts: FileFacts, uri: string): readonly Lens[] {
  const ofDags = facts.dags.flatMap(({ call, model }): Lens[] => {
    const shared = { span: spanOf(call), target: { uri, dag_id: model.dag_id } };
    return [
      { ...shared, title: "Run", command: LENS_COMMANDS.run },
      { ...shared, title: "Preview", command: LENS_COMMANDS.preview },
    ];
  });
  return [...ofDags, ...[...taskLines(facts).values()].flatMap((line) => lensesOf(line, uri))];
}

interface TaskLine {
  readonly span: SourceSpan;
  readonly tasks: readonly TargetTask[];
}

/** By line, so that a loop or a chain of a hundred tasks has one lens. Tasks whose id is unknown cannot be asked for. */
function taskLines(facts: FileFacts): ReadonlyMap<number, TaskLine> {
  const lines = new Map<number, TaskLine & { readonly tasks: TargetTask[] }>();
  for (const { task, dag } of tasksOf(facts)) {
    if (task.node.certainty === "pattern") continue;
    const span = spanOf(task.site);
    const { task_id } = task.node;
    const line = lines.get(span.line) ?? { span, tasks: [] };
    line.tasks.push({ dag_id: dag.model.dag_id, task_id, mapped: isMapped(task.node, dag.model) });
    lines.set(span.line, line);
  }
  return lines;
}

function lensesOf({ span, tasks }: TaskLine, uri: string): readonly Lens[] {
  const lens = (title: string, which: TasksTarget["which"]): Lens => {
    return { span, title, command: LENS_COMMANDS.runOnly, target: { type: "tasks", uri, tasks, which } };
  };
  if (tasks.length > 1) return [lens("Run only one task…", "ask")];
  const whole = lens("Run only this task", "all");
  return tasks[0]?.mapped === true ? [whole, lens("Run one instance…", "one")] : [whole];
}
