import { isIntegerLike } from "#core/model/inputNames.js";
import { isBaseOperatorArgument } from "#core/model/operatorArguments.js";
import type { SourcePoint } from "#core/model/source.js";
import type { GroupDeclaration, TaskDeclaration } from "../authoring/declaration.js";
import { FanoutError } from "../errors.js";

type Values = Readonly<Record<string, unknown>>;

/** What takes the items of an `expand_kwargs`. */
interface Taker {
  /** `task` or `task group`. */
  readonly what: string;
  readonly name: string;
  readonly at: SourcePoint | undefined;
  readonly isGiven: (name: string) => boolean;
  /** False where it has no input of the name; undefined where its code does not tell. */
  readonly takes: (name: string) => boolean | undefined;
}

/**
 * Puts the inputs together; a name may come from one side only.
 * @throws FanoutError for what `expand_kwargs` brought that the code could not have been refused for.
 */
export function mergeInputs(task: TaskDeclaration, shared: Values, mapped: Values): Record<string, unknown> {
  if (task.mapping?.kind === "expand_kwargs") {
    const { task_id: name, at, takes } = task;
    const taker = { what: "task", name, at, takes, isGiven: (key: string) => Object.hasOwn(shared, key) };
    for (const key of Object.keys(mapped)) checkKwarg(taker, key);
  }
  return { ...shared, ...mapped };
}

/**
 * Takes from one item of the list that a group is mapped over what one of its inputs gets.
 * @throws FanoutError where the item brings what the group does not take, or does not bring the input.
 */
export function groupKwarg({ group_id, at, mapped, given }: GroupDeclaration, item: Values, name: string): unknown {
  const isGiven = (key: string): boolean => given.includes(key);
  const taker = { what: "task group", name: group_id, at, isGiven, takes: (key: string) => mapped.includes(key) };
  for (const key of Object.keys(item)) checkKwarg(taker, key);
  if (Object.hasOwn(item, name)) return item[name];
  const message = `expand_kwargs() of the group '${group_id}' brings no '${name}', which a task of it needs.`;
  throw new FanoutError("missing-input", message, { at, advice: `Put '${name}' into every dict of the list.` });
}

function checkKwarg({ what, name, at, isGiven, takes }: Taker, key: string): void {
  if (isIntegerLike(key)) {
    const message = `'${key}', which expand_kwargs() of '${name}' brings, cannot be the name of an input.`;
    throw new FanoutError("invalid-argument", message, { at, advice: "Give it a name that is no number." });
  }
  if (isGiven(key)) {
    const message = `'${key}' is given to both partial() and expand_kwargs() of '${name}'.`;
    throw new FanoutError("partial-and-expand", message, { at, advice: "Remove one." });
  }
  if (takes(key) !== false) return;
  if (what === "task" && isBaseOperatorArgument(key)) {
    const message = `'${key}' is the same for all instances of '${name}' and cannot come from expand_kwargs().`;
    throw new FanoutError("unmappable-parameter", message, { at, advice: "Give it to partial()." });
  }
  const message = `The ${what} '${name}' has no parameter '${key}', which expand_kwargs() brings.`;
  throw new FanoutError("unknown-parameter", message, {
    at,
    advice: `Leave '${key}' out of the dicts, or let the ${what} take it.`,
  });
}
