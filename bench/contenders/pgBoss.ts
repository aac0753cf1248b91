import { type Contender, chunksOf, importFrom } from "./contender.js";

/** The part of pg-boss that is used here. */
interface PgBossModule {
  readonly PgBoss: new (options: Readonly<Record<string, unknown>>) => PgBoss;
}

interface PgBoss {
  on(event: "error", listener: (error: Error) => void): void;
  start(): Promise<unknown>;
  createQueue(name: string, options: Readonly<Record<string, unknown>>): Promise<void>;
  insert(name: string, jobs: readonly { data: Data }[]): Promise<unknown>;
  fetch(name: string, options: { batchSize: number }): Promise<readonly Job[]>;
  complete(name: string, id: string, output: Data): Promise<unknown>;
  work(name: string, options: Readonly<Record<string, unknown>>, body: Body): Promise<unknown>;
  offWork(name: string, options: { wait: boolean }): Promise<void>;
  getDb(): { executeSql(text: string, values: readonly unknown[]): Promise<{ rows: readonly { kept: string }[] }> };
  stop(): Promise<void>;
}

interface Data {
  readonly x: number;
}

interface Job {
  readonly id: string;
  readonly data: Data;
}

type Body = (jobs: readonly Job[]) => Promise<readonly Result[]>;

interface Result {
  readonly id: string;
  readonly status: "completed";
  readonly output: Data;
}

const CHUNK = 5_000;

/** Batches are fetched and completed by one statement each, every job with its own output; the next at once. */
const WORK = {
  batchSize: 1_000,
  localConcurrency: 2,
  perJobResults: true,
  burstWhenBatchFull: true,
  pollingIntervalSeconds: 0.5,
};
/** Jobs that are completed one by one: fetched together, and as many at once as there are connections. */
const FETCHED = 100;
const FETCHERS = 2;

type Work = (boss: PgBoss, name: string, jobs: number) => Promise<void>;

/** A job that has ended is recorded by itself, as with the others: it never runs again, whatever is killed. */
const oneByOne: Work = async (boss, name) => {
  const fetcher = async (): Promise<void> => {
    for (;;) {
      const batch = await boss.fetch(name, { batchSize: FETCHED });
      if (batch.length === 0) return;
      await Promise.all(batch.map(({ id, data }) => boss.complete(name, id, data)));
    }
  };
  await Promise.all(Array.from({ length: FETCHERS }, fetcher));
};

/** Whatever is killed in the middle of a batch, all of its jobs run again. */
const inBatches: Work = async (boss, name, jobs) => {
  await new Promise<void>((resolve, reject) => {
    let taken = 0;
    const body: Body = async (batch) => {
      taken += batch.length;
      if (taken === jobs) resolve();
      return batch.map(({ id, data }) => ({ id, status: "completed", output: data }));
    };
    boss.work(name, WORK, body).catch(reject);
  });
  // Returns when the last batch is recorded.
  await boss.offWork(name, { wait: true });
};

export const pgBoss = contender(oneByOne);
export const pgBossInBatches = contender(inBatches);

function contender(work: Work): Contender {
  return {
    ready: async ({ folder, port, name }) => {
      const { PgBoss } = await importFrom<PgBossModule>(folder, "pg-boss");
      const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
      // A schema of its own: what earlier rounds left in the tables makes PostgreSQL several times slower.
      const boss = new PgBoss({ connectionString, schema: name, supervise: false, schedule: false });
      boss.on("error", (error) => {
        throw error;
      });
      await boss.start();
      let queues = 0;
      let queue = "";
      // A partition of its own, for the same reason.
      const renew = async (): Promise<void> => {
        queue = `${name}_${String(queues++)}`;
        await boss.createQueue(queue, { partition: true, deleteAfterSeconds: 0 });
      };
      await renew();
      return {
        work: async (jobs) => {
          for (const xs of chunksOf(jobs, CHUNK))
            await boss.insert(
              queue,
              xs.map((x) => ({ data: { x } })),
            );
          await work(boss, queue, jobs);
        },
        renew,
        kept: async () => {
          const where = "name = $1 AND state = 'completed' AND output IS NOT NULL";
          const { rows } = await boss
            .getDb()
            .executeSql(`SELECT count(*) AS kept FROM ${name}.job WHERE ${where}`, [queue]);
          return Number(rows[0]?.kept);
        },
        close: () => boss.stop(),
      };
    },
  };
}
