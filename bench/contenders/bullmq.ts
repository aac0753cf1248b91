import { type Contender, chunksOf, importFrom } from "./contender.js";

/** The part of BullMQ that is used here. */
interface BullMq {
  readonly Queue: new (name: string, options: { connection: unknown }) => Queue;
  readonly Worker: new (
    name: string,
    body: (job: { readonly data: Data }) => Promise<number>,
    options: { connection: unknown; concurrency: number },
  ) => Worker;
}

interface Data {
  readonly x: number;
}

interface Queue {
  addBulk(jobs: readonly { name: string; data: Data }[]): Promise<unknown>;
  getJobs(state: "completed"): Promise<readonly { readonly returnvalue: unknown }[]>;
  close(): Promise<void>;
}

interface Worker {
  waitUntilReady(): Promise<unknown>;
  on(event: "completed", listener: () => void): void;
  close(): Promise<void>;
}

type Redis = new (port: number, host: string, options: { maxRetriesPerRequest: null }) => { quit(): Promise<unknown> };

/** More at once make it slower, as fewer do. */
const CONCURRENCY = 100;
const CHUNK = 1_000;

/** Jobs stay with their return values, which is what BullMQ does when it is told nothing else. */
export const bullmq: Contender = {
  ready: async ({ folder, port, name }) => {
    const { Queue, Worker } = await importFrom<BullMq>(folder, "bullmq");
    const { Redis } = await importFrom<{ Redis: Redis }>(folder, "ioredis");
    const connection = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: null });
    const queue = new Queue(name, { connection });
    const worker = new Worker(name, async ({ data }) => data.x, { connection, concurrency: CONCURRENCY });
    await worker.waitUntilReady();
    return {
      work: async (jobs) => {
        const all = new Promise<void>((resolve) => {
          let completed = 0;
          worker.on("completed", () => {
            if (++completed === jobs) resolve();
          });
        });
        await Promise.all(
          chunksOf(jobs, CHUNK).map((xs) => queue.addBulk(xs.map((x) => ({ name: "job", data: { x } })))),
        );
        await all;
      },
      kept: async () => {
        const completed = await queue.getJobs("completed");
        return completed.filter(({ returnvalue }) => typeof returnvalue === "number").length;
      },
      close: async () => {
        await worker.close();
        await queue.close();
        await connection.quit();
      },
    };
  },
};
