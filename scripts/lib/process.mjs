import { spawn } from "node:child_process";
import { inRoot, root } from "./paths.mjs";

/**
 * @typedef {object} Command
 * @property {string} name what people see
 * @property {readonly string[]} args of Node
 * @property {NodeJS.ProcessEnv} [env] beside this process's own
 */

/**
 * Runs Node with its output shown; ends it when this process is interrupted.
 * @param {Command} command
 * @returns {Promise<number>} exit code
 */
export async function runNode({ args, env = {} }) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit", env: { ...process.env, ...env } });
  const forward = () => child.kill("SIGINT");
  process.on("SIGINT", forward);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (exitCode) => resolve(exitCode ?? 1));
  });
  process.removeListener("SIGINT", forward);
  return code;
}

/**
 * Path of an installed tool's script, to be run with Node on every platform.
 * @param {string} script inside node_modules
 */
export function tool(script) {
  return inRoot("node_modules", script);
}

/**
 * Runs steps one after the other and prints each with its time.
 * @param {readonly Command[]} steps
 * @param {{ stopAtFailure: boolean }} options
 * @returns {Promise<{ name: string, ok: boolean, seconds: number }[]>}
 */
export async function runSteps(steps, { stopAtFailure }) {
  const results = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    const startedAt = performance.now();
    const ok = (await runNode(step)) === 0;
    const seconds = (performance.now() - startedAt) / 1000;
    console.log(`${ok ? "✔" : "✘"} ${step.name} (${seconds.toFixed(1)} s)`);
    results.push({ name: step.name, ok, seconds });
    if (!ok && stopAtFailure) break;
  }
  return results;
}
