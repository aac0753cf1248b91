import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { campaign } from "../support/campaign.js";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** Packages under which this repository keeps the compilers that the API promises to work with. */
export const COMPILERS = {
  "5.4": "typescript-5.4",
  "5.9": "typescript-5.9",
  "6.0": "typescript",
  "7.0": "typescript-7.0",
} as const;
export type Compiler = keyof typeof COMPILERS;

/** In a small campaign the oldest and the newest: what this repository itself is checked with lies between them. */
export const ASKED_COMPILERS: readonly Compiler[] = campaign({
  small: ["5.4", "7.0"],
  middle: Object.keys(COMPILERS) as Compiler[],
  full: Object.keys(COMPILERS) as Compiler[],
});

export interface Complaint {
  readonly file: string;
  readonly line: number;
  readonly code: string;
  readonly text: string;
}

/** A folder with a package that depends on fanout as people install it: its manifest and its rolled-up types. */
export class Consumer {
  private constructor(readonly folder: string) {}

  static async create(): Promise<Consumer> {
    const consumer = new Consumer(await mkdtemp(path.join(tmpdir(), "fanout-types-")));
    const installed = path.join(consumer.folder, "node_modules/fanout");
    await mkdir(installed, { recursive: true });
    await cp(path.join(root, "package.json"), path.join(installed, "package.json"));
    await cp(path.join(root, "dist/types"), path.join(installed, "dist/types"), { recursive: true });
    return consumer;
  }

  async write(name: string, content: string | object): Promise<void> {
    const file = path.join(this.folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  }

  /** What a compiler says about a project of this folder. */
  async check(compiler: Compiler, project: string): Promise<Complaint[]> {
    const tsc = path.join(root, "node_modules", COMPILERS[compiler], "bin/tsc");
    const output = await run(process.execPath, [tsc, "-p", project, "--pretty", "false"], this.folder);
    return output.split("\n").flatMap((line): Complaint[] => {
      const [, file, number, code, text] = /^(.+?)\((\d+),\d+\): error (TS\d+): (.*)$/.exec(line) ?? [];
      if (file !== undefined && code !== undefined) return [{ file, line: Number(number), code, text: text ?? "" }];
      return line.startsWith("error ") ? [{ file: "", line: 0, code: line, text: line }] : [];
    });
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

/** The output of a process, whatever its exit code. */
function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(command, args, { cwd, maxBuffer: 1 << 24 }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}
