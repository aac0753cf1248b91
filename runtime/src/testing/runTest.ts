import type { DagDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { maskSecrets } from "../authoring/secrets.js";
import type { DagTestOptions, DagTestResult } from "../authoring/types/testing.js";
import { FanoutError } from "../errors.js";
import { taskTimeout } from "../pool/workerErrors.js";
import type { OwnFolders } from "../worker/userError.js";
import { alone } from "./alone.js";
import { OutputCapture } from "./outputCapture.js";
import { testingFolders } from "./ownFolders.js";
import { withPresets } from "./presets.js";
import { runInMemory } from "./runInMemory.js";
import { giveToRun } from "./sharedState.js";
import { StrayErrors } from "./strayErrors.js";
import { readResult } from "./testResult.js";

const OPTIONS: ReadonlySet<string> = new Set(["logical_date", "params", "connections", "variables", "xcoms"]);

/**
 * What `dag().test()` does.
 * @throws FanoutError
 */
export async function runTest(
  declaration: DagDeclaration,
  options: DagTestOptions = {},
  own: OwnFolders = testingFolders(),
): Promise<DagTestResult> {
  checkOptions(options);
  const { logical_date, params, xcoms = {}, connections = {}, variables = {} } = options;
  const dag = withPresets(declaration, xcoms);
  return alone(async () => {
    const output = new OutputCapture();
    const stray = new StrayErrors(output);
    output.start();
    stray.start();
    const takeBack = giveToRun({ connections, variables });
    try {
      const given = { ...(logical_date && { logical_date }), ...(params && { params }) };
      const { store } = await runInMemory(guarded(dag, stray), { ...given, output, own });
      const log = (from: number, to: number | null): string => maskSecrets(output.text(from, to ?? output.size));
      return readResult(store, log, new Set(Object.keys(xcoms)));
    } finally {
      takeBack();
      stray.stop();
      output.stop();
    }
  });
}

function guarded(dag: DagDeclaration, stray: StrayErrors): DagDeclaration {
  const tasks = dag.tasks.map((task) => ({
    ...task,
    // A sensor that keeps its process looks again after a real pause, one that lets go of it is called back at once.
    sensor: task.sensor && { ...task.sensor, mode: "reschedule" as const },
    execute: (...inputs: Parameters<typeof task.execute>) =>
      within(
        task,
        stray.guard(() => task.execute(...inputs)),
      ),
  }));
  return { ...dag, tasks };
}

/** A worker that takes too long is ended. Here it can only be left alone, where it waits for something. */
async function within(task: TaskDeclaration, ended: Promise<unknown>): Promise<unknown> {
  const { executionTimeoutMs: limit } = task;
  if (limit === null) return ended;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(FanoutError.from(taskTimeout(task, limit))), limit);
  });
  try {
    return await Promise.race([ended, late]);
  } finally {
    clearTimeout(timer);
  }
}

function checkOptions(options: DagTestOptions): void {
  if (!isObject(options)) refuse("test() takes an object of options.");
  const unknown = Object.keys(options).find((name) => !OPTIONS.has(name));
  if (unknown !== undefined) refuse(`'${unknown}' is no option of test().`, `It has ${[...OPTIONS].join(", ")}.`);
  const { logical_date, params, connections, variables, xcoms } = options;
  if (logical_date !== undefined && !isDate(logical_date)) refuse("'logical_date' must be a date.");
  for (const [name, value] of Object.entries({ connections, variables, xcoms })) {
    if (value !== undefined && !isObject(value)) refuse(`'${name}' must be an object.`);
  }
  if (params !== undefined && !isObject(params)) throw new FanoutError("invalid-params", "'params' must be an object.");
}

function refuse(message: string, advice?: string): never {
  throw new FanoutError("invalid-option", message, { advice });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Of any realm: test runners have their own. */
function isDate(value: unknown): value is Date {
  return Object.prototype.toString.call(value) === "[object Date]" && !Number.isNaN(Number(value));
}
