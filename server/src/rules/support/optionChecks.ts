import { CHOICES, DAG_ARGUMENTS, GROUP_OPTIONS, TASK_OPTIONS, VARIANT_OPTIONS } from "#core/model/optionNames.js";
import type { ts } from "ts-morph";
import type { FileFacts, InputFacts } from "../../analysis/facts.js";
import { type GivenOption, givenOptions } from "./givenOptions.js";
import { nearestName } from "./nearestName.js";
import { isCheckedByTypeScript } from "./typeScriptChecks.js";

/** An option of a name that nothing takes, in JavaScript that TypeScript does not check. */
export interface MisnamedOption {
  readonly option: InputFacts;
  readonly site: ts.Node;
  /** What it is given to. */
  readonly target: "dag()" | "task_group()" | "a task";
  readonly nearest: string | undefined;
}

export function* misnamedOptions(facts: FileFacts): Generator<MisnamedOption> {
  for (const given of givenOptions(facts)) yield* misnamed(given, facts);
  for (const dag of facts.dags) {
    for (const { options, site } of [...dag.groups, ...dag.groupAlternatives]) {
      for (const option of options) yield* judged({ option, site, target: "task_group()" }, GROUP_OPTIONS, facts);
    }
  }
}

function* misnamed({ option, site, of, task }: GivenOption, facts: FileFacts): Generator<MisnamedOption> {
  if (of === "dag") yield* judged({ option, site, target: "dag()" }, Object.keys(DAG_ARGUMENTS), facts);
  // Of an operator's arguments those that all operators take are told apart by their names.
  else if (task?.kind !== "operator") {
    const own = task?.flavour === undefined ? [] : ["params", ...(VARIANT_OPTIONS[task.flavour] ?? [])];
    for (const found of judged({ option, site, target: "a task" }, [...TASK_OPTIONS, ...own], facts)) {
      // The rule `missing-task-id` speaks of the same mistake.
      if (found.nearest !== "task_id" || task?.isNamed !== false) yield found;
    }
  }
}

function* judged(
  given: Omit<MisnamedOption, "nearest">,
  names: readonly string[],
  facts: FileFacts,
): Generator<MisnamedOption> {
  const { name, nameNode } = given.option;
  if (names.includes(name) || isCheckedByTypeScript(nameNode, facts)) return;
  yield { ...given, nearest: nearestName(name, names) };
}

/** What a value that is one of a few texts may be; undefined for every other option, and where TypeScript says it. */
export function choicesOf({ option, task }: GivenOption, facts: FileFacts): readonly string[] | undefined {
  const { name, value } = option;
  if (!Object.hasOwn(CHOICES, name) || isCheckedByTypeScript(option.nameNode, facts)) return undefined;
  // A teardown takes no rule at all, and only a sensor has a mode.
  if (name === "trigger_rule" && task?.flavour === "teardown") return undefined;
  if (value.type !== "const" || value.value === null || value.value === undefined) return undefined;
  return CHOICES[name];
}
