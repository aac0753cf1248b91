import { writeFileSync } from "node:fs";
import path from "node:path";
import { type Contender, chunksOf, importFrom } from "./contender.js";

/** The part of BullMQ that is used here. */
interface BullMq {
  readonly Queue: new (name: string, options: { connection: unknown }) => Queue;
  readonly Worker: new (
    name: string,
    body: Body | string,
    options: { connection: unknown; concurrency: number },
  ) => Worker;
}

type Body = (job: { readonly data: Data }) => Promise<number>;

interface Data {
  readonly x: number;
}

interface Queue {
  addBulk(jobs: readonly { name: string; data: Data }[]): Promise<unknown>;
  clean(grace: number, limit: number, state: "completed"): Promise<unknown>;
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
/** So many processes do the jobs of a sandbox, each of them one at a time; more make it no quicker. */
const PROCESSES = 2;
const CHUNK = 1_000;

/** In the process that takes them: one that does not come back, or ends its process, takes all along that run with it. */
export const bullmq = contender(
  () =>
    async ({ data }) =>
      data.x,
  CONCURRENCY,
);

/** In processes of their own, as Fanout does them: BullMQ's sandboxed processors. */
export const bullmqSandboxed = contender((folder) => {
  const file = path.join(folder, "processor.cjs");
  writeFileSync(file, "module.exports = async ({ data }) => data.x;\n");
  return file;
}, PROCESSES);

/** Jobs stay with their return values, which is what BullMQ does when it is told nothing else. */
function contender(bodyIn: (folder: string) => Body | string, concurrency: number): Contender {
  return {
    ready: async ({ folder, port, name }) => {
      const { Queue, Worker } = await importFrom<BullMq>(folder, "bullmq");
      const { Redis } = await importFrom<{ Redis: Redis }>(folder, "ioredis");
      const connection = new Redis(port, "127.0.0.1", { maxRetriesPerRequest: null });
      const queue = new Queue(name, { connection });
      const worker = new Worker(name, bodyIn(folder), { connection, concurrency });
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
        renew: async () => {
          // 0: all of them.
          await queue.clean(0, 0, "completed");
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
}
