import type { RecordedRun } from "#core/model/run.js";
import type { RunAction } from "#core/model/runAction.js";
import { planAction } from "../engine/actions/plan.js";
import type { Selected } from "../engine/actions/select.js";
import { resumeRun } from "../engine/resumeRun.js";
import { FanoutError } from "../errors.js";
import { openHistory } from "../store/history.js";
import { isWanted } from "./ask.js";
import { type Cli, type ExitCode, writeLines } from "./cli.js";
import { historyHere, runIdOf } from "./historyAccess.js";
import { openScreen } from "./runScreen.js";
import { tellAfterwards } from "./tellError.js";
import { planLines } from "./views/planText.js";
import { watchInterrupts } from "./watchInterrupts.js";

/** Flags of every command that lets a run go on. */
export interface GoOnFlags {
  readonly parallelism?: number;
  readonly format: "text" | "ndjson";
  readonly logs?: true;
}

/** Shows what an action changes, asks, does it, and lets the run go on; without an action it only goes on. */
export async function act(
  run: string,
  action: RunAction,
  flags: GoOnFlags & { readonly yes?: true },
  cli: Cli,
): Promise<ExitCode> {
  const { home, history } = historyHere(cli);
  const run_id = runIdOf(history, home, run);
  // Tells where there is no such run.
  history.model(run_id);
  history.close();
  const selected = planAction(home, run_id, action);
  if (selected.length === 0) {
    writeLines(cli.out, [`${nothingMeant(action)} Nothing is changed.`]);
    return 0;
  }
  const plan = planLines(run_id, action, selected, cli.err.colors);
  // Events on stdout stay events.
  writeLines(cli.err, plan);
  if (flags.yes !== true && !(await isWanted(cli, question(selected)))) {
    writeLines(cli.err, ["Nothing was changed."]);
    return 0;
  }
  return goOn(home, run_id, flags, cli, action);
}

export async function goOn(
  home: string,
  run_id: string,
  flags: GoOnFlags,
  cli: Cli,
  action?: RunAction,
): Promise<ExitCode> {
  const screen = openScreen(flags.format, cli, () => recorded(home, run_id));
  const interrupts = watchInterrupts(cli, screen, true);
  try {
    const handle = await resumeRun({
      ...{ home, run_id, signal: interrupts.loading, onEvent: (event) => screen.event(event) },
      ...(flags.parallelism !== undefined && { parallelism: flags.parallelism }),
      ...(action && { action }),
    });
    if (handle.isCodeChanged) screen.notice("The DAG's code is another than when the run was last under way.");
    interrupts.handle = handle;
    // Ctrl-C came too late to keep it from going on.
    if (interrupts.loading.aborted) handle.cancel();
    const result = await handle.done;
    screen.close();
    await tellAfterwards(cli, () => screen.report(home, flags.logs === true));
    return result.state === "success" ? 0 : 1;
  } catch (thrown) {
    screen.close();
    if (interrupts.loading.aborted) return stopNow(cli);
    if (!FanoutError.is(thrown) || thrown.code !== "nothing-to-do") throw thrown;
    writeLines(cli.err, [thrown.message, ...(thrown.advice === undefined ? [] : [thrown.advice])]);
    return 0;
  } finally {
    interrupts.stop();
    screen.close();
  }
}

/** The run is as it was, and nobody's. */
function stopNow(cli: Cli): ExitCode {
  cli.err.write("Stopped.\n");
  cli.forceExit(130);
  return 2;
}

function recorded(home: string, run_id: string): RecordedRun {
  const history = openHistory(home);
  try {
    return history.show(run_id);
  } finally {
    history.close();
  }
}

/** What has a state is cleared; what is so already, or was never reached, has none. */
function nothingMeant({ name, selection: { task_id, map_index, only_failed } }: RunAction): string {
  if (only_failed === true) return "Nothing that is meant has failed, or was not run because something had.";
  const what =
    task_id === undefined ? "The run" : map_index === undefined ? `Task '${task_id}'` : `That instance of '${task_id}'`;
  if (name === "mark") return `${what} counts as that already, or does not belong to the part of the DAG that was run.`;
  return `${what} has no state yet: it has not run, or is cleared already.`;
}

function question({ length }: readonly Selected[]): string {
  return `Change ${length === 1 ? "this instance" : `these ${String(length)} instances`}?`;
}
