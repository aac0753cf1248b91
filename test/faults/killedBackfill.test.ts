import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { RunRecord } from "#core/model/run.js";
import { isAlive } from "../../runtime/src/store/isAlive.js";
import type { Ended, Started } from "../cli/support/cliProcess.js";
import { campaign } from "../support/campaign.js";
import { Chance } from "../support/chance.js";
import { until } from "../support/until.js";
import { integrity, keptFinished, runFolders, toldFinished } from "./support/durable.js";
import { FaultProject, killHard } from "./support/killedRun.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20221122);
const TRIALS = campaign({ small: 1, middle: 4, full: 40 });
const DAYS = 8;
const SIZE = 12;
const SPAN = ["--from", "2024-01-01", "--to", `2024-01-0${String(DAYS)}`, "--parallelism", "3"];

/** Each instance says of which run it is; some keep their process, some wait, and some leave a timer that throws. */
const DAG = `
const list = task({ task_id: "list", retries: 20, retry_delay: 0 }, (_: object, { run_id }) => {
  note(\`\${run_id} list[-1] \${process.pid}\`);
  return Array.from({ length: ${String(SIZE)} }, (_, x) => x);
});
const work = task({ task_id: "work", retries: 20, retry_delay: 0 }, async ({ x }: { x: number }, { ds, run_id, ti }) => {
  note(\`\${run_id} work[\${x}] \${process.pid}\`);
  console.log(ds, x);
  if (x % 4 === 0) await wait(x);
  if (x === 5) setTimeout(() => { throw new Error("late"); }, 20).unref();
  ti.xcom_push({ key: "day", value: ds });
  return ds + x;
});
const count = task({ task_id: "count", retries: 20, retry_delay: 0 }, ({ days }: { days: readonly string[] }, { run_id }) => {
  note(\`\${run_id} count[-1] \${process.pid}\`);
  return days.length;
});
export default dag({ dag_id: "fault", schedule: "@daily", max_active_runs: 3 }, () => {
  count({ days: work.expand({ x: list() }) });
});
`;

interface Begun {
  /** Of its run, and its own. */
  readonly name: string;
  readonly pid: number;
}

function begun(project: FaultProject): Begun[] {
  return project.notes().map((line) => {
    const [run_id, instance, pid] = line.split(" ");
    return { name: `${String(run_id)} ${String(instance)}`, pid: Number(pid) };
  });
}

const tally = { trials: 0, kills: 0, repeated: 0, handedOver: 0 };
afterAll(() => {
  const { trials, kills, repeated, handedOver } = tally;
  console.log(
    `${trials} backfills, ${kills} kills: repeated ${repeated}; processes that several runs had: ${handedOver}`,
  );
});

class Trial {
  readonly project = new FaultProject(DAG);
  readonly #finished = new Map<string, number>();

  constructor(readonly chance: Chance) {}

  async run(): Promise<void> {
    tally.trials++;
    for (let kills = 1 + this.chance.below(3); kills > 0; kills--) {
      await this.#disturb(this.project.start("backfill", "fault.dag.ts", ...SPAN));
      await this.#goOn();
    }
    // What is left of it, if anything is.
    await this.project.run("backfill", "fault.dag.ts", ...SPAN);
    await this.#check();
  }

  /** Kills the engine, one of its workers, or both. */
  async #disturb(engine: Started): Promise<void> {
    const over: { ended: Ended | null } = { ended: null };
    void engine.ended.then((ended) => (over.ended = ended));
    const from = begun(this.project).length;
    const wanted = from + this.chance.below(DAYS * SIZE);
    await until(() => over.ended !== null || begun(this.project).length >= wanted);
    const victims = this.chance.below(3);
    if (victims !== 0) kill(begun(this.project).slice(from).at(-1)?.pid);
    if (victims !== 1) await killHard(engine);
    tally.kills++;
    await engine.ended;
    await until(() => begun(this.project).every(({ pid }) => !isAlive(pid)));
    this.#note();
  }

  /** Nothing of it is alive. */
  #note(): void {
    const after = begun(this.project).length;
    for (const dir of runFolders(this.project.home)) {
      expect(integrity(dir)).toBe("ok");
      const [told, kept] = [toldFinished(dir), keptFinished(dir)];
      expect([...told].filter((name) => !kept.has(name))).toEqual([]);
      for (const name of kept) {
        const known = `${path.basename(dir)} ${name}`;
        if (!this.#finished.has(known)) this.#finished.set(known, after);
      }
    }
  }

  async #goOn(): Promise<void> {
    for (const { run_id, state } of await this.#runs()) {
      if (state === "success") continue;
      expect(await this.project.run("resume", run_id)).toMatchObject({ code: 0 });
    }
  }

  async #runs(): Promise<readonly RunRecord[]> {
    return (await this.project.json("runs")) as readonly RunRecord[];
  }

  async #check(): Promise<void> {
    const all = begun(this.project);
    const repeated = all.filter(({ name }, place) => place >= (this.#finished.get(name) ?? Infinity));
    tally.repeated += repeated.length;
    expect(repeated).toEqual([]);
    const runs = await this.#runs();
    expect(runs.map(({ state }) => state)).toEqual(Array.from({ length: DAYS }, () => "success"));
    for (const { run_id, logical_date } of runs) await this.#checkRun(run_id, logical_date.slice(0, 10));
    tally.handedOver += new Set(all.flatMap(({ pid }) => (severalHad(all, pid) ? [pid] : []))).size;
  }

  async #checkRun(run_id: string, day: string): Promise<void> {
    const each = Array.from({ length: SIZE }, (_, x) => x);
    expect(await this.project.json("xcom", run_id, "work")).toEqual(each.map((x) => `${day}${String(x)}`));
    expect(await this.project.json("xcom", run_id, "work", "--key", "day")).toEqual(each.map(() => day));
    expect(await this.project.json("xcom", run_id, "count")).toBe(SIZE);
    const { stdout } = await this.project.run("logs", run_id, "work", "--map-index", String(this.chance.below(5)));
    expect(stdout).toMatch(new RegExp(`^${day} \\d\\n`));
  }
}

function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

function severalHad(all: readonly Begun[], pid: number): boolean {
  return new Set(all.flatMap((one) => (one.pid === pid ? [one.name.split(" ")[0]] : []))).size > 1;
}

describe("kill -9 of a backfill, of a worker of it, or of both, at any moment", () => {
  for (let trial = 0; trial < TRIALS; trial++) {
    const seed = SEED + trial;
    it(`loses nothing, repeats nothing, and mixes nothing up between its runs (FANOUT_SEED=${String(seed)})`, async () => {
      await new Trial(new Chance(seed)).run();
    }, 120_000);
  }
});
