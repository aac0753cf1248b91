import { rmSync } from "node:fs";
import path from "node:path";
import type { DagModel } from "#core/model/dag.js";
import { FanoutError } from "../errors.js";
import { Guardian } from "../pool/guardian.js";
import { type GraphsReport, REPORT } from "../pool/messages.js";
import { loadDied, loadTimeout } from "../pool/workerErrors.js";
import { type WorkerExit, WorkerProcess } from "../pool/workerProcess.js";
import { findHome } from "../store/home.js";
import { createHome, whileWriting } from "../store/runFolder.js";
import { scratchName } from "../store/scratch.js";
import { bundleDag } from "./bundle.js";
import { checkDagFile } from "./dagFile.js";

/** What executing a file may take where nobody asked for a run. */
export interface LoadLimits {
  readonly timeoutMs: number;
  /** Megabytes of the process's heap. */
  readonly memoryMb: number;
  /** Ends it before. */
  readonly signal?: AbortSignal;
}

/**
 * The exact graphs of all DAGs of a file: executes it in a process of its own, never in the caller.
 * @throws FanoutError with code and place; no process is left then.
 */
export async function loadModels(given: string, limits: LoadLimits): Promise<readonly DagModel[]> {
  const file = checkDagFile(given);
  const cache = createHome(findHome(file));
  const bundle = await bundleDag(file, cache);
  limits.signal?.throwIfAborted();
  const report = await describe(file, bundle, path.join(cache, scratchName()), limits);
  if (report.ok) return report.models;
  throw FanoutError.from(report.error);
}

/** `scratch`: start of the paths of files that nothing else uses. */
async function describe(
  file: string,
  bundle: string,
  scratch: string,
  { timeoutMs, memoryMb, signal }: LoadLimits,
): Promise<GraphsReport> {
  const log = `${scratch}.log`;
  let settle: (report: GraphsReport) => void = () => undefined;
  const reported = new Promise<GraphsReport>((resolve) => (settle = resolve));
  const listener = {
    onReport: (line: string) => {
      if (line.startsWith(REPORT.described)) settle(JSON.parse(line.slice(1)) as GraphsReport);
    },
    onBurst: () => undefined,
    onExit: (exit: WorkerExit) => settle({ ok: false, error: loadDied(file, exit) }),
  };
  const options = [`--max-old-space-size=${memoryMb}`];
  const worker = whileWriting(
    path.dirname(path.dirname(scratch)),
    () => new WorkerProcess(log, `${scratch}.claims`, listener, options),
  );
  // Deep in a loop it would not notice that nobody waits for it any more.
  const guardian = new Guardian();
  guardian.protect(worker.pid);
  worker.send({ type: "describe", bundle, file });
  const kill = (): void => worker.kill();
  const timer = setTimeout(() => {
    settle({ ok: false, error: loadTimeout(file, timeoutMs) });
    kill();
  }, timeoutMs);
  signal?.addEventListener("abort", kill, { once: true });
  const report = await reported;
  clearTimeout(timer);
  signal?.removeEventListener("abort", kill);
  // It has said what it was asked: whatever it still does (timers, a server) is of no use.
  kill();
  await worker.closed;
  await guardian.end();
  rmSync(log, { force: true });
  return report;
}
