import { type BackfillOptions, type BackfillResult, startBackfill } from "../../../runtime/src/engine/backfill.js";
import { type BackfillPlan, type BackfillRequest, planBackfill } from "../../../runtime/src/engine/backfillPlan.js";
import type { Project } from "./project.js";

type Request = Partial<BackfillRequest> & { readonly now?: string };

/** `from` and `to` as ISO texts; `now` is the end of 2024 where it is left out. */
export interface BackfillArgs extends Omit<Request, "from" | "to"> {
  readonly from?: string;
  readonly to?: string;
}

export function planOf(
  project: Project,
  { now = "2024-12-31T00:00Z", from, to, ...rest }: BackfillArgs,
): Promise<BackfillPlan> {
  const span = { ...(from !== undefined && { from: new Date(from) }), ...(to !== undefined && { to: new Date(to) }) };
  return planBackfill({ file: project.path("dag.ts"), ...span, ...rest }, Date.parse(now));
}

/** Runs `dag.ts` of the project for its intervals. */
export async function backfill(
  project: Project,
  args: BackfillArgs,
  options: BackfillOptions = {},
): Promise<BackfillResult> {
  return startBackfill(await planOf(project, args), { each: { parallelism: 2 }, ...options }).done;
}

/** `2024-01-01 success`: what became of each interval. */
export function outcomes({ runs }: BackfillResult): string[] {
  return runs.map(({ planned, state }) => `${new Date(planned.interval.start).toISOString().slice(0, 10)} ${state}`);
}

/** A DAG that runs daily, in a file of its own. */
export function dailyDag(definitions: string, body: string, args = ""): string {
  return `import { dag, task, chain, get_current_context } from "fanout";
import { existsSync } from "node:fs";
${definitions}
export default dag({ dag_id: "d", schedule: "@daily"${args === "" ? "" : `, ${args}`} }, () => {
${body}
});
`;
}
