import { ts } from "ts-morph";
import { DagDraft, type DagHead } from "../dagDraft.js";
import { type Interpreter, Thrown } from "../interpreter.js";
import type { Arguments, Value } from "../value.js";
import { dateOf } from "./dates.js";
import { defaultArgsOf, inputFacts, isWrittenOut } from "./declareTask.js";
import { argumentsOf, itemsOf, patternOf, textOf } from "../values.js";

/** `dag({ … }, body)`: follows the body. */
export function callDag(interpreter: Interpreter, args: readonly Value[], origin: ts.Node): Value {
  const [first, body] = args;
  const options = argumentsOf(first);
  const dag_id = patternOf(options.entries.get("dag_id")?.value);
  const site = interpreter.siteOf(origin);
  // The DAGs of an imported file are that file's.
  if (site === undefined || !ts.isCallExpression(site)) return { type: "dag", dag_id };
  const draft = new DagDraft(
    readHead(dag_id, options, site, body),
    interpreter.certainty,
    interpreter.findings.volatility,
  );
  interpreter.findings.dags.push(draft);
  tellUnknown(draft, options, site);
  interpreter.inDag(draft, () => {
    if (body !== undefined && body.type !== "const") followBody(interpreter, body, origin);
  });
  return { type: "dag", dag_id };
}

/** A body that fails makes no DAG; what it holds up to there is shown all the same. */
function followBody(interpreter: Interpreter, body: Value, origin: ts.Node): void {
  try {
    interpreter.call(body, [], origin);
  } catch (error) {
    if (!(error instanceof Thrown)) throw error;
  }
}

function readHead(dag_id: string, options: Arguments, call: ts.CallExpression, body: Value | undefined): DagHead {
  const value = (name: string): Value | undefined => options.entries.get(name)?.value;
  const tags = itemsOf(value("tags")) ?? [];
  const defaultArgs = defaultArgsOf(options);
  const defaults = (name: string): Value | undefined => defaultArgs.entries.get(name)?.value;
  return {
    dag_id,
    description: textIn(value("description")),
    schedule: scheduleOf(value("schedule")) ?? scheduleOf(value("schedule_interval")) ?? null,
    timezone: textIn(value("timezone")) ?? "UTC",
    start_date: isoOf(value("start_date") ?? defaults("start_date")),
    end_date: isoOf(value("end_date") ?? defaults("end_date")),
    tags: tags.map(textOf).filter((tag) => tag !== undefined),
    defaultArgs,
    call,
    dagIdNode: options.entries.get("dag_id")?.site?.expression,
    options: inputFacts(options),
    optionsComplete: isWrittenOut(options),
    body: body?.type === "function" ? body.node : undefined,
  };
}

function tellUnknown(draft: DagDraft, options: Arguments, call: ts.CallExpression): void {
  if (!draft.head.dag_id.includes("*")) return;
  const node = options.entries.get("dag_id")?.site?.expression ?? call;
  draft.addUnresolved({ what: "dag_id", reason: "parts of the dag_id are not known before a run", node });
}

function isoOf(value: Value | undefined): string | undefined {
  const date = dateOf(value);
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function textIn(value: Value | undefined): string | undefined {
  return value?.type === "const" && typeof value.value === "string" ? value.value : undefined;
}

const SECONDS: Readonly<Record<string, number>> = {
  milliseconds: 0.001,
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
  weeks: 604_800,
};

/** A cron expression or preset as it is, a distance in time as `PT…S`; undefined for none. */
function scheduleOf(value: Value | undefined): string | undefined {
  if (value?.type !== "dict") return textIn(value);
  let seconds = 0;
  for (const [unit, { value: amount }] of value.entries) {
    if (amount.type !== "const") return undefined;
    seconds += Number(amount.value) * (SECONDS[unit] ?? 0);
  }
  return `PT${seconds}S`;
}
