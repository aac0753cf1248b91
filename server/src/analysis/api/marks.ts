import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Value } from "../value.js";
import { argumentsOf, dependenciesOf } from "../values.js";
import { link, tellUnknown } from "./dependencies.js";

type Role = "setup" | "teardown";

/** `as_setup()` and `as_teardown({ setups })` of references and operators, which give themselves. */
export function callMark(
  interpreter: Interpreter,
  receiver: Value,
  name: string,
  argument: Value | undefined,
  site: ts.Node,
): Value | undefined {
  if (name === "as_setup") return mark(interpreter, receiver, "setup");
  if (name !== "as_teardown") return undefined;
  mark(interpreter, receiver, "teardown");
  const { entries, complete } = argumentsOf(argument);
  const setups = entries.get("setups")?.value;
  if (setups !== undefined) {
    mark(interpreter, setups, "setup");
    link(interpreter, setups, receiver, site);
  } else if (!complete && argument !== undefined) {
    tellUnknown(interpreter, { type: "unknown", reason: "the setups are not known before a run", node: site }, site);
  }
  return receiver;
}

function mark(interpreter: Interpreter, value: Value, role: Role): Value {
  const { dag, certainty } = interpreter;
  for (const task of dependenciesOf(value, () => [])) dag?.mark(task, role, certainty);
  return value;
}
