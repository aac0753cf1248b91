import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { type Ended, type Started, startCli, tempProject } from "../../cli/support/cliProcess.js";

/** A project whose instances write down what they do, in a file that outlives every process. */
export class FaultProject {
  readonly dir: string;
  readonly #notes = path.join(mkdtempSync(path.join(tmpdir(), "fanout-faults-")), "notes.txt");

  constructor(dag: string) {
    const { dir, remove } = tempProject({ "fault.dag.ts": `${NOTE}${dag}` });
    this.dir = dir;
    onTestFinished(() => {
      remove();
      rmSync(path.dirname(this.#notes), { recursive: true, force: true });
    });
  }

  get home(): string {
    return path.join(this.dir, ".fanout");
  }

  /** Lines that instances have written with `note`. */
  notes(): string[] {
    try {
      return readFileSync(this.#notes, "utf8").split("\n").slice(0, -1);
    } catch {
      return [];
    }
  }

  start(...args: readonly string[]): Started {
    return startCli(args, this.dir, { FANOUT_NOTES: this.#notes });
  }

  run(...args: readonly string[]): Promise<Ended> {
    return this.start(...args).ended;
  }

  async json(...args: readonly string[]): Promise<unknown> {
    const { code, stdout, stderr } = await this.run(...args, "--format", "json");
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  }
}

const NOTE = `import { dag, task, chain, SkipException } from "fanout";
import { appendFileSync } from "node:fs";
const note = (text: string) => appendFileSync(process.env["FANOUT_NOTES"]!, text + "\\n");
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
`;

/** Ends it as nothing can defend itself against. */
export async function killHard({ child, ended }: Started): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}
