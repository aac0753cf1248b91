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
  work(name: string, options: Readonly<Record<string, unknown>>, body: Body): Promise<unknown>;
  offWork(name: string, options: { wait: boolean }): Promise<void>;
  getDb(): { executeSql(text: string, values: readonly unknown[]): Promise<{ rows: readonly { kept: string }[] }> };
  stop(): Promise<void>;
}

interface Data {
  readonly x: number;
}

type Body = (jobs: readonly { readonly id: string; readonly data: Data }[]) => Promise<readonly Result[]>;

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

export const pgBoss: Contender = {
  ready: async ({ folder, port, name }) => {
    const { PgBoss } = await importFrom<PgBossModule>(folder, "pg-boss");
    const connectionString = `postgres://postgres@127.0.0.1:${port}/postgres`;
    // A schema of its own: what earlier rounds left in the tables makes PostgreSQL several times slower.
    const boss = new PgBoss({ connectionString, schema: name, supervise: false, schedule: false });
    boss.on("error", (error) => {
      throw error;
    });
    await boss.start();
    await boss.createQueue(name, { partition: true, deleteAfterSeconds: 0 });
    return {
      work: async (jobs) => {
        for (const xs of chunksOf(jobs, CHUNK))
          await boss.insert(
            name,
            xs.map((x) => ({ data: { x } })),
          );
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
      },
      kept: async () => {
        const where = "name = $1 AND state = 'completed' AND output IS NOT NULL";
        const { rows } = await boss
          .getDb()
          .executeSql(`SELECT count(*) AS kept FROM ${name}.job WHERE ${where}`, [name]);
        return Number(rows[0]?.kept);
      },
      close: () => boss.stop(),
    };
  },
};
