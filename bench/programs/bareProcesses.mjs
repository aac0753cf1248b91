// What the work costs where nothing is kept, looked at or protected: processes get calls in batches as lines of JSON, and
// answer each with a line of its own.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import call from "./call.mjs";

const BATCH = 64;
const IS_WORKER = "worker";

function work() {
  createInterface({ input: process.stdin }).on("line", (line) => {
    const batch = /** @type {readonly number[]} */ (JSON.parse(line));
    process.stdout.write(batch.map((x) => `${JSON.stringify(call({ x }))}\n`).join(""));
  });
}

/**
 * @param {number} calls
 * @param {number} processes
 */
async function coordinate(calls, processes) {
  let next = 0;
  await Promise.all(Array.from({ length: processes }, () => drive()));

  function drive() {
    const worker = spawn(process.execPath, [fileURLToPath(import.meta.url), IS_WORKER], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    let outstanding = 0;
    const send = () => {
      const batch = Array.from({ length: Math.min(BATCH, calls - next) }, () => next++);
      outstanding += batch.length;
      if (batch.length > 0) worker.stdin.write(`${JSON.stringify(batch)}\n`);
      else if (outstanding === 0) worker.stdin.end();
    };
    createInterface({ input: worker.stdout }).on("line", (line) => {
      JSON.parse(line);
      // The next batch is there before the last one is done.
      if (--outstanding % BATCH === 0) send();
    });
    send();
    send();
    return new Promise((resolve) => worker.once("close", resolve));
  }
}

const [first, second] = process.argv.slice(2);
if (first === IS_WORKER) work();
else await coordinate(Number(first), Number(second));
