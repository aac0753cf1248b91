import { spawn } from "node:child_process";
import { inRoot, root } from "./paths.mjs";

/**
 * @typedef {object} Command
 * @property {string} name what people see
 * @property {readonly string[]} args of Node
 * @property {NodeJS.ProcessEnv} [env] beside this process's own
 */

/**
 * Runs Node; ends it when this process is interrupted.
 * @param {Command} command
 * @param {(text: string) => void} [show] gets its output; without it the output is shown as it comes
 * @returns {Promise<number>} exit code
 */
export async function runNode({ args, env = {} }, show) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: show ? ["ignore", "pipe", "pipe"] : "inherit",
    env: { ...process.env, ...env },
  });
  if (show) for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", show);
  const forward = () => child.kill("SIGINT");
  process.on("SIGINT", forward);
  const code = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode) => resolve(exitCode ?? 1));
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

/** @typedef {{ name: string, ok: boolean, seconds: number }} Result of a step */

/**
 * Runs steps one after the other and prints each with its time.
 * @param {readonly Command[]} steps
 * @param {{ stopAtFailure: boolean }} options
 * @returns {Promise<Result[]>}
 */
export async function runSteps(steps, { stopAtFailure }) {
  const results = [];
  for (const step of steps) {
    console.log(`\n── ${step.name}`);
    const result = await timed(step);
    console.log(resultLine(result));
    results.push(result);
    if (!result.ok && stopAtFailure) break;
  }
  return results;
}

/**
 * Runs two rows of steps beside each other; each row ends at its first failure. The output of a step is printed when the
 * step is over, so that no two mix.
 * @param {readonly (readonly Command[])[]} rows
 * @returns {Promise<Result[]>}
 */
export async function runBeside(rows) {
  const results = await Promise.all(rows.map(runQuietly));
  return results.flat();
}

/** @param {readonly Command[]} steps */
async function runQuietly(steps) {
  const results = [];
  for (const step of steps) {
    let output = "";
    const result = await timed(step, (text) => (output += text));
    console.log(`\n── ${step.name}\n${output}${resultLine(result)}`);
    results.push(result);
    if (!result.ok) break;
  }
  return results;
}

/**
 * @param {Command} step
 * @param {(text: string) => void} [show]
 * @returns {Promise<Result>}
 */
async function timed(step, show) {
  const startedAt = performance.now();
  const ok = (await runNode(step, show)) === 0;
  return { name: step.name, ok, seconds: (performance.now() - startedAt) / 1000 };
}

/** @param {Result} result */
function resultLine({ name, ok, seconds }) {
  return `${ok ? "✔" : "✘"} ${name} (${seconds.toFixed(1)} s)`;
}
