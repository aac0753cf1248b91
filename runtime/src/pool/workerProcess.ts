import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, fstatSync, openSync } from "node:fs";
import type { Readable, Writable } from "node:stream";
import { removeTemporaryFolders } from "../store/temporaryFolders.js";
import { Claims } from "./claims.js";
import { ANSWER_FD, COMMAND_FD, type Command, REPORT_FD } from "./messages.js";
import { ReportReader } from "./reportReader.js";
import { workerFile } from "./runtimeFiles.js";

const LEAVE_MS = 2000;

export interface WorkerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface WorkerListener {
  /** One line, without its line break. */
  onReport(line: string): void;
  /** After the last of a burst of reports. */
  onBurst(): void;
  onExit(exit: WorkerExit): void;
}

/** None outlives the process that started it, however deep in a loop it is. */
const living = new Set<WorkerProcess>();
process.on("exit", () => {
  if (living.size === 0) return;
  for (const worker of living) worker.kill();
  const pids = new Set([...living].map(({ pid }) => pid));
  removeTemporaryFolders((pid) => pids.has(pid));
});

/** One worker process and its descriptors. */
export class WorkerProcess {
  readonly claims: Claims;
  readonly closed: Promise<void>;
  readonly #child: ChildProcess;
  #logFd: number;
  #listener: WorkerListener;

  /** `logFile` receives whatever the process prints; `claimFile` is a path that nothing else uses. */
  constructor(logFile: string, claimFile: string, listener: WorkerListener, nodeOptions: readonly string[] = []) {
    this.#listener = listener;
    // The worker looks into it for what its instances have printed.
    this.#logFd = openSync(logFile, "a+");
    this.claims = Claims.create(claimFile);
    this.#child = spawn(process.execPath, [...nodeOptions, workerFile()], {
      // Its own group: a signal to the terminal reaches the engine alone, and ending it ends what it started.
      detached: process.platform !== "win32",
      env: { ...process.env, ELECTRON_RUN_AS_NODE: "1" },
      stdio: ["ignore", this.#logFd, this.#logFd, "pipe", "pipe", "pipe", this.claims.fd],
      windowsHide: true,
    });
    this.#listen();
    living.add(this);
    this.closed = new Promise((resolve) => {
      const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
        // A process that could not be started is told of twice, as an error and as closed.
        if (!living.has(this)) return;
        this.kill();
        living.delete(this);
        if (code !== 0) removeTemporaryFolders((pid) => pid === this.pid);
        this.#listener.onExit({ code, signal });
        this.claims.close();
        closeSync(this.#logFd);
        resolve();
      };
      this.#child.once("close", finish);
      this.#child.once("error", () => finish(null, null));
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(command: Command): void {
    this.#writer(COMMAND_FD).write(`${JSON.stringify(command)}\n`);
  }

  answer(line: string): void {
    this.#writer(ANSWER_FD).write(`${line}\n`);
  }

  /** From here on somebody else is told what becomes of it. */
  attend(listener: WorkerListener): void {
    this.#listener = listener;
  }

  /** It prints into another file from its next `begin` on. */
  printTo(logFile: string): void {
    const fd = openSync(logFile, "a+");
    closeSync(this.#logFd);
    this.#logFd = fd;
  }

  logSize(): number {
    return fstatSync(this.#logFd).size;
  }

  /** Ends the process and everything that it started, now. */
  kill(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      if (process.platform === "win32") this.#child.kill("SIGKILL");
      else process.kill(-pid, "SIGKILL");
    } catch {
      // Nothing of it is left.
    }
  }

  /** Lets the process leave by itself, for a while. */
  async end(): Promise<void> {
    this.send({ type: "end" });
    const timer = setTimeout(() => this.kill(), LEAVE_MS);
    await this.closed;
    clearTimeout(timer);
  }

  #listen(): void {
    // A process that is gone is dealt with when it is known to be closed.
    for (const fd of [COMMAND_FD, ANSWER_FD, REPORT_FD]) this.#child.stdio[fd]?.on("error", () => undefined);
    // Whatever the person's code writes into what it should only read must not fill up and stop it.
    for (const fd of [COMMAND_FD, ANSWER_FD]) (this.#child.stdio[fd] as Readable | null)?.resume();
    const reports = this.#child.stdio[REPORT_FD] as Readable;
    const reader = new ReportReader((report) => this.#listener.onReport(report), this.pid);
    reports.setEncoding("utf8");
    reports.on("data", (data: string) => {
      reader.take(data);
      this.#listener.onBurst();
    });
  }

  #writer(fd: number): Writable {
    return this.#child.stdio[fd] as Writable;
  }
}
