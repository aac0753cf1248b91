import path from "node:path";
import type { Contender } from "./contender.js";

export const DAG_FILE = "peers.dag.ts";

/** A result of a list, mapped over; what follows reads no result, as nothing does at the peers. */
export const dagText = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => Array.from({ length: Number(process.env.JOBS) }, (_, index) => index));
const job = task({ task_id: "job" }, ({ x }: { x: number }) => x);
export default dag({ dag_id: "peers" }, () => { job.expand({ x: list() }); });
`;

/** What it measures holds more than with the peers: reading the DAG file, starting worker processes, and ending them. */
export const fanout: Contender = {
  ready: async ({ folder }) => {
    const { startRun } = await import("../../runtime/src/engine/startRun.js");
    const { openHistory } = await import("../../runtime/src/store/history.js");
    let read = (): unknown => null;
    return {
      work: async (jobs) => {
        process.env["JOBS"] = String(jobs);
        const file = path.join(folder, DAG_FILE);
        const { run_id, home, done } = await startRun({ file, parallelism: 2, maxMapLength: jobs });
        const { state } = await done;
        if (state !== "success") throw new Error(`the run ended as ${state}`);
        read = () => openHistory(home).xcom(run_id, "job");
      },
      kept: async () => {
        const results = read();
        return Array.isArray(results) ? results.filter((result) => typeof result === "number").length : 0;
      },
      close: async () => undefined,
    };
  },
};
