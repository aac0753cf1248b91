import type { TaskDeclaration } from "../../authoring/declaration.js";
import type { Context } from "../../authoring/types/context.js";

type Values = Readonly<Record<string, unknown>>;

/** The inputs of one instance as its body gets them. A DAG with a template in it is refused before it comes here. */
export function render(_declaration: TaskDeclaration, inputs: Values, _context: Context): Values {
  return inputs;
}
