import path from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { WorkerProcess } from "../../runtime/src/pool/workerProcess.js";
import { Project } from "./support/project.js";

it("that cannot be started is told of once, and closes its files once", async () => {
  const project = new Project();
  const { execPath } = process;
  onTestFinished(() => {
    process.execPath = execPath;
  });
  process.execPath = path.join(project.folder, "no-such-node");
  const exits: unknown[] = [];
  const listener = { onReport: () => undefined, onBurst: () => undefined, onExit: (exit: unknown) => exits.push(exit) };
  const worker = new WorkerProcess(project.path("log"), project.path("claims"), listener);
  process.execPath = execPath;
  await worker.closed;
  // Node tells of the failed start as an error first, and as closed some turns later.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(exits).toEqual([{ code: null, signal: null }]);
});
