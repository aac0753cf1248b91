import { readFileSync, writeFileSync } from "node:fs";
import type { RecordedRun, TaskSummary } from "#core/model/run.js";
import type { RunAction } from "#core/model/runAction.js";
import type { RunEvent } from "#core/model/runEvent.js";
import { resumeRun } from "../../../runtime/src/engine/resumeRun.js";
import type { RunResult } from "../../../runtime/src/engine/startRun.js";
import { Project, dagSource } from "./project.js";

/** Instances note that they ran, and what they do is told by a file. */
export class NotedProject extends Project {
  constructor(definitions: string, body: string) {
    super();
    const notes = JSON.stringify(this.path("notes.txt"));
    const given = JSON.stringify(this.path("given.json"));
    const tools = `import { appendFileSync, readFileSync } from "node:fs";
const note = (text: string) => appendFileSync(${notes}, text + "\\n");
const given = () => JSON.parse(readFileSync(${given}, "utf8"));
`;
    this.write({ "dag.ts": dagSource(tools + definitions, body), "notes.txt": "" });
    this.give([]);
  }

  give(value: unknown): void {
    writeFileSync(this.path("given.json"), JSON.stringify(value));
  }

  /** What ran since the last call. */
  notes(): string[] {
    const lines = readFileSync(this.path("notes.txt"), "utf8").split("\n").slice(0, -1);
    writeFileSync(this.path("notes.txt"), "");
    return lines.sort();
  }
}

export interface GoneOn {
  readonly result: RunResult;
  readonly events: readonly RunEvent[];
  readonly run: RecordedRun;
}

/** Goes on with a run, to its end. */
export async function goOn(project: Project, run_id: string, action?: RunAction): Promise<GoneOn> {
  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent): void => void events.push(event);
  const { home } = project;
  const handle = await resumeRun({ home, run_id, parallelism: 2, onEvent, ...(action && { action }) });
  const result = await handle.done;
  return { result, events, run: project.history().show(run_id) };
}

export const clear = (selection: RunAction["selection"]): RunAction => ({ name: "clear", selection });

export function task({ tasks }: RecordedRun, task_id: string): TaskSummary {
  const found = tasks.find((one) => one.task_id === task_id);
  if (!found) throw new Error(`no task '${task_id}'`);
  return found;
}
