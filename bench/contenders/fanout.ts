import path from "node:path";
import type { Contender } from "./contender.js";

export const DAG_FILE = "peers.dag.ts";

/** A result of a list, mapped over; what follows reads no result, as nothing does at the peers. */
export const dagText = `import { dag, task } from "fanout";
const list = task({ task_id: "list" }, () => Array.from({ length: Number(process.env.JOBS) }, (_, index) => index));
const job = task({ task_id: "job" }, ({ x }: { x: number }) => x);
export default dag({ dag_id: "peers" }, () => { job.expand({ x: list() }); });
`;

const PARALLELISM = 2;

/**
 * A run of a map. Run once, it holds more than what the peers do: reading the DAG file, starting worker processes, and
 * ending them. One run after another, they are kept between the runs, as in a backfill.
 */
export const fanout: Contender = {
  ready: async ({ folder, stays }) => {
    const { startRun } = await import("../../runtime/src/engine/startRun.js");
    const { SpareWorkers } = await import("../../runtime/src/pool/spareWorkers.js");
    const { openHistory } = await import("../../runtime/src/store/history.js");
    const spares = stays ? new SpareWorkers(PARALLELISM) : null;
    let read = (): unknown => null;
    return {
      work: async (jobs) => {
        process.env["JOBS"] = String(jobs);
        const file = path.join(folder, DAG_FILE);
        const options = { file, parallelism: PARALLELISM, maxMapLength: jobs, ...(spares && { spares }) };
        const { run_id, home, done } = await startRun(options);
        const { state } = await done;
        if (state !== "success") throw new Error(`the run ended as ${state}`);
        read = () => openHistory(home).xcom(run_id, "job");
      },
      // Each run has a database of its own.
      renew: async () => undefined,
      kept: async () => {
        const results = read();
        return Array.isArray(results) ? results.filter((result) => typeof result === "number").length : 0;
      },
      close: async () => spares?.close(),
    };
  },
};
