import { type FinishedRun, states } from "./project.js";

/** Tasks that groups in tests are made of. */
export const groupTasks = `
  import { task_group } from "fanout";
  const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
  const none = task({ task_id: "none" }, () => []);
  const bad = task({ task_id: "bad" }, (): number[] => { throw new Error("boom"); });
  const skip = task({ task_id: "skip" }, (): number[] => { throw new SkipException(); });
  const echo = task({ task_id: "echo" }, ({ x }: any) => x);
  const plus = task({ task_id: "plus" }, ({ x }: any) => x + 100);
  const all = task({ task_id: "all", trigger_rule: "all_done" }, ({ xs }: any) => [...xs]);
  const step = (task_id: string, options: any = {}) => task({ task_id, ...options }, () => task_id)();
  const failsAt = (task_id: string, index: number) =>
    task({ task_id }, ({ x }: any) => { if (x === index) throw new Error("boom"); return x; });
  const skipsAt = (task_id: string, index: number) =>
    task({ task_id }, ({ x }: any) => { if (x === index) throw new SkipException(); return x; });`;

/** The states of all instances of tasks, in order. */
export function instances(run: FinishedRun, ...ids: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(ids.map((id) => [id, states(run.task(id))]));
}
