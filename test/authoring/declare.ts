import { type DagArgs, dag, task } from "fanout";
import { AuthoringError } from "../../runtime/src/authoring/authoringError.js";
import type { DagDeclaration } from "../../runtime/src/authoring/declaration.js";
import { declarationOf } from "../../runtime/src/authoring/dag.js";

/** What people without TypeScript, or with an `any`, can call: the same objects without their types. */
export interface Loose {
  (...args: unknown[]): Loose;
  (inputs?: unknown): Loose;
  readonly partial: (inputs?: unknown) => Loose;
  readonly expand: (inputs?: unknown) => Loose;
  readonly expand_kwargs: (kwargs?: unknown) => Loose;
  readonly override: (options: unknown) => Loose;
}

export function loose(value: unknown): Loose {
  return value as Loose;
}

/** The declaration of a DAG with this body. */
export function declare(body: () => void, args: Partial<DagArgs> = {}): DagDeclaration {
  const declaration = declarationOf(dag({ dag_id: "test", ...args }, body));
  if (declaration === undefined) throw new Error("dag() returned something that stands for no DAG");
  return declaration;
}

/** The code that a DAG with this body is refused with; `none` where it is accepted. */
export function refusal(body: () => void, args: Partial<DagArgs> = {}): string {
  try {
    declare(body, args);
  } catch (error) {
    if (AuthoringError.is(error)) return error.code;
    throw error;
  }
  return "none";
}

export const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number }) => x + y);
export const numbers = task({ task_id: "numbers" }, () => [1, 2, 3]);
export const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
export const notify = task({ task_id: "notify" }, () => null);
