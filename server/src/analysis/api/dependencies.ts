import type { ts } from "ts-morph";
import type { Interpreter } from "../interpreter.js";
import type { Value } from "../value.js";
import { UNDEFINED, dependenciesOf } from "../values.js";

/** `chain(a, [b, c], d)`: lists that follow each other are paired, as in Airflow. */
export function callChain(interpreter: Interpreter, args: readonly Value[], site: ts.Node): Value {
  for (const [index, step] of args.entries()) {
    const next = args[index + 1];
    if (next === undefined) {
      if (index === 0) tellUnknown(interpreter, step, site);
      break;
    }
    if (step.type === "list" && next.type === "list" && step.items.length === next.items.length) {
      pair(interpreter, step.items, next.items, site);
    } else {
      link(interpreter, step, next, site);
    }
  }
  return UNDEFINED;
}

function pair(interpreter: Interpreter, upstream: readonly Value[], downstream: readonly Value[], site: ts.Node): void {
  for (const [index, from] of upstream.entries()) link(interpreter, from, downstream[index] ?? UNDEFINED, site);
}

/** Makes every task of `downstream` wait for every task of `upstream`. */
export function link(interpreter: Interpreter, upstream: Value, downstream: Value, site: ts.Node): Value {
  for (const value of [upstream, downstream]) tellUnknown(interpreter, value, site);
  const { dag } = interpreter;
  if (dag === undefined) return UNDEFINED;
  const last = dependenciesOf(upstream, (tasks) => dag.endsOf(tasks, "leaves"));
  const first = dependenciesOf(downstream, (tasks) => dag.endsOf(tasks, "roots"));
  for (const from of last) for (const to of first) dag.addEdge(from, to, site, interpreter.certainty);
  return UNDEFINED;
}

/** A dependency on something unknown is an edge that reading does not see. */
export function tellUnknown(interpreter: Interpreter, value: Value, site: ts.Node): void {
  const hidden = hiddenIn(value);
  if (hidden === undefined) return;
  interpreter.dag?.addUnresolved({ what: "edge", reason: hidden, node: interpreter.siteOf(site) ?? site });
}

function hiddenIn(value: Value): string | undefined {
  if (value.type === "unknown") return value.reason;
  if (value.type !== "list") return undefined;
  if (!value.complete) return "this list of tasks is not known in full before a run";
  return value.items.map(hiddenIn).find((reason) => reason !== undefined);
}
