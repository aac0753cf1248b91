import { type Instance, type Key, TooLarge, type Verdict, evaluate } from "./evaluate.js";
import { printProgram } from "./print.js";
import type { Program } from "./program.js";
import { type EngineRun, type Pick, runProgram } from "./runProgram.js";

/**
 * Runs the program on the engine, lets the evaluator follow the order in which instances ran, and throws where they do
 * not say the same. Returns what both say; null where the program is too large for a campaign.
 */
export async function compare(
  program: Program,
  picks: readonly number[],
  runOnEngine: (program: Program, pick: Pick) => Promise<EngineRun> = runProgram,
): Promise<Verdict | null> {
  try {
    evaluate(program, ([first]) => first!);
  } catch (thrown) {
    if (thrown instanceof TooLarge) return null;
    throw explain(program, String((thrown as Error).stack), null);
  }
  let turn = 0;
  const pick = (waiting: number): number => (picks[turn++ % Math.max(1, picks.length)] ?? 0) % Math.max(1, waiting);
  let run: EngineRun | null = null;
  try {
    run = await runOnEngine(program, pick);
    const expected = evaluate(program, follow(run.order));
    const [left, right] = [describe(expected), describe(run)];
    if (left.join("\n") !== right.join("\n")) throw new Error(difference(left, right));
    return expected;
  } catch (thrown) {
    if (thrown instanceof TooLarge) return null;
    throw explain(program, thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown), run);
  }
}

/** The engine's order; what ran on the engine but must not run, or the other way round, is a difference. */
function follow(order: readonly Key[]): (ready: readonly Instance[]) => Instance {
  let turn = 0;
  return (ready) => {
    const next = order[turn++];
    const found = ready.find(({ task, map_index }) => task === next?.task && map_index === next.map_index);
    if (found) return found;
    const names = ready.map(nameOf).join(", ");
    throw new Error(`Next the engine ${next ? `runs ${nameOf(next)}` : "stops"}, but what may run is: ${names}.`);
  };
}

function describe({ state, instances }: Verdict): string[] {
  const lines = instances.map((one) => {
    const { state: ended, try_number, xcom, pushed } = one;
    const entries = Object.keys(pushed).length === 0 ? "" : `, pushed ${JSON.stringify(Object.entries(pushed).sort())}`;
    return `${nameOf(one)}: ${ended}, try ${String(try_number)}, ${JSON.stringify(xcom)}${entries}`;
  });
  return [`run: ${state}`, ...lines.sort()];
}

function difference(expected: readonly string[], found: readonly string[]): string {
  const missing = expected.filter((line) => !found.includes(line)).map((line) => `- ${line}`);
  const extra = found.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`);
  return ["expected by the specification (-), found in the engine (+):", ...missing, ...extra].join("\n");
}

function explain(program: Program, what: string, run: EngineRun | null): Error {
  const order = run ? `\n\nran: ${run.order.map(nameOf).join(", ")}` : "";
  return new Error(`${printProgram(program)}\n${what}${order}`);
}

function nameOf({ task, map_index }: Key): string {
  return map_index === -1 ? task : `${task}[${String(map_index)}]`;
}
