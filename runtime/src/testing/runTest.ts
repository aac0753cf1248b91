import type { DagDeclaration } from "../authoring/declaration.js";
import { registry } from "../authoring/registry.js";
import type { DagTestOptions, DagTestResult } from "../authoring/types/testing.js";
import { FanoutError } from "../errors.js";
import type { OwnFolders } from "../worker/userError.js";
import { alone } from "./alone.js";
import { OutputCapture } from "./outputCapture.js";
import { testingFolders } from "./ownFolders.js";
import { withPresets } from "./presets.js";
import { runInMemory } from "./runInMemory.js";
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
    const shared = registry();
    output.start();
    stray.start();
    shared.given = { connections, variables };
    try {
      const given = { ...(logical_date && { logical_date }), ...(params && { params }) };
      const { store } = await runInMemory(guarded(dag, stray), { ...given, output, own });
      const log = (from: number, to: number | null): string => output.text(from, to ?? output.size);
      return readResult(store, log, new Set(Object.keys(xcoms)));
    } finally {
      shared.given = undefined;
      stray.stop();
      output.stop();
    }
  });
}

function guarded(dag: DagDeclaration, stray: StrayErrors): DagDeclaration {
  const tasks = dag.tasks.map((task) => ({
    ...task,
    execute: (...inputs: Parameters<typeof task.execute>) => stray.guard(() => task.execute(...inputs)),
  }));
  return { ...dag, tasks };
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
