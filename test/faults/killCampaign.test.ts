import { afterAll, describe, expect, it } from "vitest";
import type { RecordedRun } from "#core/model/run.js";
import { isAlive } from "../../runtime/src/store/isAlive.js";
import type { Ended, Started } from "../cli/support/cliProcess.js";
import { campaign } from "../support/campaign.js";
import { Chance } from "../support/chance.js";
import { until } from "../support/until.js";
import { integrity, keptFinished, runFolders, toldFinished } from "./support/durable.js";
import { FaultProject, killHard } from "./support/killedRun.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20221122);
const TRIALS = campaign({ small: 3, middle: 12, full: 100 });
const SIZE = 40;

/** Instances of every kind: some wait, some keep their process busy, some print and push; each says which process it is in. */
const DAG = `
const list = task({ task_id: "list", retries: 20, retry_delay: 0 }, () => { note(\`begin list -1 \${process.pid}\`); return Array.from({ length: ${String(SIZE)} }, (_, i) => i); });
const work = task({ task_id: "work", retries: 20, retry_delay: 0 }, async ({ x }: { x: number }, { ti }) => {
  note(\`begin work \${x} \${process.pid}\`);
  if (x % 4 === 0) for (const end = performance.now() + 8; performance.now() < end;);
  else await wait(x % 7);
  if (x % 5 === 0) ti.xcom_push({ key: "note", value: "p".repeat(x * 100) });
  console.log("did", x);
  return x * 2;
});
const add = task({ task_id: "add", retries: 20, retry_delay: 0 }, ({ y }: { y: number }) => {
  note(\`begin add \${y / 2} \${process.pid}\`);
  return y + 1;
});
const total = task({ task_id: "total", retries: 20, retry_delay: 0 }, ({ values }: { values: readonly number[] }) => {
  note(\`begin total -1 \${process.pid}\`);
  return values.reduce((a, b) => a + b, 0);
});
export default dag({ dag_id: "fault" }, () => {
  total({ values: add.expand({ y: work.expand({ x: list() }) }) });
});
`;
/** Instances of its tasks, in their order. */
const SIZES = [1, SIZE, SIZE, 1];
const TOTAL = Array.from({ length: SIZE }, (_, x) => x * 2 + 1).reduce((a, b) => a + b, 0);

/** What all trials together came to. */
const tally = { runs: 0, engines: 0, workers: 0, lost: 0, repeated: 0, intact: 0, damaged: 0 };
afterAll(() => {
  const { runs, engines, workers, lost, repeated, intact, damaged } = tally;
  const killed = `${runs} runs, ${engines} engines and ${workers} workers killed`;
  const databases = damaged === 0 ? "intact" : `damaged ${damaged} times`;
  console.log(
    `${killed}: lost ${lost}, repeated ${repeated}, database ${databases} (looked at ${intact + damaged} times)`,
  );
});

interface Begun {
  readonly name: string;
  readonly pid: number;
}

/** What its instances have noted when they began, in order. */
function begun(project: FaultProject): Begun[] {
  return project.notes().map((line) => {
    const [, task, index, pid] = line.split(" ");
    return { name: `${String(task)}[${String(index)}]`, pid: Number(pid) };
  });
}

/** One run that is killed again and again, and what may not happen in it. */
class Trial {
  readonly project = new FaultProject(DAG);
  /** What had finished at a kill, and how much had begun by then: nothing of it may begin after that. */
  readonly #finished: { readonly names: ReadonlySet<string>; readonly after: number }[] = [];

  constructor(readonly chance: Chance) {}

  async run(): Promise<void> {
    tally.runs++;
    let ended = await this.#disturb(this.project.start("run", "fault.dag.ts", "--parallelism", "3"));
    for (let kills = this.chance.below(3); ended === null && kills > 0; kills--)
      ended = await this.#disturb(this.#goOn());
    ended ??= await this.#goOn().ended;
    expect({ code: ended.code, stderr: ended.code === 0 ? "" : ended.stderr + ended.stdout }).toEqual({
      code: 0,
      stderr: "",
    });
    await this.#check();
  }

  /** Where the engine was killed before there was a run, there is nothing to go on with. */
  #goOn(): Started {
    const [dir] = runFolders(this.project.home);
    const args = dir === undefined ? ["run", "fault.dag.ts"] : ["resume", "latest"];
    return this.project.start(...args, "--parallelism", "3");
  }

  /** Kills what chance says at a moment that chance says; null where the engine was killed before it had ended. */
  async #disturb(engine: Started): Promise<Ended | null> {
    let isOver = false;
    void engine.ended.then(() => (isOver = true));
    const from = begun(this.project).length;
    const wanted = from + this.chance.below(2 * SIZE);
    // In the first moments, or when so many instances have begun.
    if (this.chance.below(4) === 0) await sleep(this.chance.below(500));
    else await until(() => isOver || begun(this.project).length >= wanted);
    await sleep(this.chance.below(12));
    const victims = this.chance.below(3);
    if (victims !== 0) this.#killWorker(from);
    if (victims === 1) {
      this.#note(false);
      return engine.ended;
    }
    await killHard(engine);
    if ((await engine.ended).code !== null) return engine.ended;
    tally.engines++;
    const isAwaited = this.chance.below(2) === 0;
    if (isAwaited)
      await until(() =>
        begun(this.project)
          .slice(from)
          .every(({ pid }) => !isAlive(pid)),
      );
    this.#note(isAwaited);
    return null;
  }

  #killWorker(from: number): void {
    const pids = begun(this.project)
      .slice(from)
      .map(({ pid }) => pid);
    const pid = pids.at(-1 - this.chance.below(Math.max(1, Math.min(3, pids.length))));
    if (pid === undefined) return;
    try {
      process.kill(pid, "SIGKILL");
      tally.workers++;
    } catch {
      // It has ended already.
    }
  }

  /** `isQuiet`: nothing of the run is alive any more, so that what is kept can be read. */
  #note(isQuiet: boolean): void {
    const [dir] = runFolders(this.project.home);
    if (dir === undefined) return;
    const told = toldFinished(dir);
    const after = begun(this.project).length;
    const kept = isQuiet ? keptFinished(dir) : new Set<string>();
    if (isQuiet) {
      this.#checkDatabase(dir);
      const lost = [...told].filter((name) => !kept.has(name));
      tally.lost += lost.length;
      expect(lost, "lost").toEqual([]);
    }
    this.#finished.push({ names: new Set([...told, ...kept]), after });
  }

  async #check(): Promise<void> {
    const all = begun(this.project);
    for (const { names, after } of this.#finished) {
      const repeated = all.slice(after).flatMap(({ name }) => (names.has(name) ? [name] : []));
      tally.repeated += repeated.length;
      expect(repeated, "repeated").toEqual([]);
    }
    const { state, tasks } = (await this.project.json("show", "latest")) as RecordedRun;
    const missing = tasks.map((task, place) => (SIZES[place] ?? 0) - (task.counts.success ?? 0));
    tally.lost += missing.reduce((a, b) => a + b, 0);
    expect({ state, missing }, "lost").toEqual({ state: "success", missing: SIZES.map(() => 0) });
    expect(await this.project.json("xcom", "latest", "total")).toBe(TOTAL);
    const [dir = ""] = runFolders(this.project.home);
    this.#checkDatabase(dir);
    await until(() => all.every(({ pid }) => !isAlive(pid)));
  }

  #checkDatabase(dir: string): void {
    const found = integrity(dir);
    if (found === "ok") tally.intact++;
    else tally.damaged++;
    expect(found, "database").toBe("ok");
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

describe("kill -9 of the engine, of a worker, or of both, at any moment, also while a run goes on after one", () => {
  for (let trial = 0; trial < TRIALS; trial++) {
    const seed = SEED + trial;
    it(`loses nothing, repeats nothing that had finished, and can be resumed (FANOUT_SEED=${String(seed)})`, async () => {
      await new Trial(new Chance(seed)).run();
    }, 60_000);
  }
});
