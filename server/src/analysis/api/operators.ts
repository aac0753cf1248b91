import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import { operatorParameterNames } from "../parameters.js";
import type { Arguments, OperatorClassValue, Value } from "../value.js";
import { argumentsOf, unknown } from "../values.js";
import { type MappedCall, declareTask, splitOperatorArguments } from "./declareTask.js";
import { resultOf } from "./tasks.js";

/** `new Load({ task_id: "load", … })`. */
export function constructOperator(
  interpreter: Interpreter,
  operator: OperatorClassValue,
  args: Value | undefined,
  site: ts.Node,
): Value {
  return declareOperator(interpreter, operator, argumentsOf(args), null, site);
}

export function declareOperator(
  interpreter: Interpreter,
  operator: OperatorClassValue,
  args: Arguments,
  mapped: MappedCall | null,
  site: ts.Node,
): Value {
  const task = declareTask(
    interpreter,
    {
      kind: "operator",
      operator: operator.name,
      defaultId: undefined,
      definition: operator.declaration,
      flavour: undefined,
      fn: undefined,
      parameters: operatorParameterNames(interpreter.checker, operator.declaration),
      mapped,
      role: null,
      ...splitOperatorArguments(args),
    },
    site,
  );
  if (task === undefined) return unknown("the operator is made outside a DAG", site);
  return { type: "operator", task, output: resultOf(task, mapped) };
}
