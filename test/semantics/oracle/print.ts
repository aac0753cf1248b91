import type { Entries, GroupStep, Json, Mapping, Program, Step, TaskStep, Value } from "./program.js";

const IMPORT = `import { FailException, SkipException, chain, dag, setup, task, task_group, teardown } from "fanout";\n\n`;

/** What every printed program begins with: how a script is played, and the functions of `map`. */
export const PRELUDE = `const play = (ti, { returns, acts = {} }, inputs = {}) => {
  // Lists are lazy: what of them skips or fails does so here.
  const touched = JSON.parse(JSON.stringify(inputs));
  const slot = Math.max(0, ti.map_index);
  const does = acts[\`\${slot} try \${ti.try_number}\`];
  if (does === "skip") throw new SkipException();
  if (does === "give_up") throw new FailException("gave up");
  if (does === "fail") throw new Error("failed");
  return returns === "inputs" ? touched : returns[slot % returns.length];
};
const wrap = (item) => [item];
const kwargs = (item) => ({ x: item });
const none = () => undefined;
const skipOnes = (item) => {
  if (item === 1) throw new SkipException();
  return item;
};
const failOnes = (item) => {
  if (item === 1) throw new Error("a one");
  return item;
};
`;

/** The program as a DAG file. */
export function printProgram(program: Program): string {
  const limit = program.maxMapLength === 1024 ? "" : `// max_map_length: ${String(program.maxMapLength)}\n`;
  return `${IMPORT}${PRELUDE}\n${limit}export default dag({ dag_id: "d" }, () => {\n${indent(printBody(program))}\n});\n`;
}

/** What stands in its `dag()`. */
export function printBody({ steps, links }: Program): string {
  const chains = links.map(([from, to]) => `chain(${nameOf(from)}, ${nameOf(to)});`);
  return [...steps.map(printStep), ...chains].join("\n");
}

function printStep(step: Step): string {
  return step.type === "task" ? `const ${nameOf(step.id)} = ${printTask(step)};` : printGroup(step);
}

function printGroup({ id, parameters, inputs, mapping, tasks }: GroupStep): string {
  const names = tasks.map((task) => nameOf(task.id));
  const body = tasks.map((task) => `${nameOf(task.id)} = ${printTask(task)};`).join("\n");
  const takes = parameters.length === 0 ? "" : `{ ${parameters.join(", ")} }`;
  const group = `task_group({ group_id: ${text(id)} }, (${takes}) => {\n${indent(body)}\n})`;
  return `let ${names.join(", ")};\nconst ${nameOf(id)} = ${group}${printCall(inputs, mapping)};`;
}

const MAKERS: Readonly<Record<TaskStep["kind"], (task: string) => string>> = {
  task: (task) => task,
  branch: (task) => task.replace("task(", "task.branch("),
  short_circuit: (task) => task.replace("task(", "task.short_circuit("),
  setup: (task) => task.replace("task(", "setup("),
  teardown: (task) => task.replace("task(", "teardown("),
};

function printTask(step: TaskStep): string {
  const { id, kind, script, parameters, inputs, mapping } = step;
  const takes =
    parameters.length === 0 ? ["_", ""] : [`{ ${parameters.join(", ")} }`, `, { ${parameters.join(", ")} }`];
  const acts = script.acts.map((act) => `"${String(act.index)} try ${String(act.try)}": ${text(act.does)}`);
  const played = `{ returns: ${text(script.returns)}${acts.length > 0 ? `, acts: { ${acts.join(", ")} }` : ""} }`;
  const body = `(${takes[0] ?? ""}, { ti }) => play(ti, ${played}${takes[1] ?? ""})`;
  const task_id = id.slice(id.indexOf(".") + 1);
  const made = MAKERS[kind](`task({ task_id: ${text(task_id)}${optionsOf(step)} }, ${body})`);
  return `${made}${printCall(inputs, mapping)}`;
}

function optionsOf({ kind, ignoresRules, failsRun, rule, retries, pushes, multipleOutputs }: TaskStep): string {
  const options = [
    rule === "all_success" || kind === "teardown" ? "" : `, trigger_rule: ${text(rule)}`,
    retries === 0 ? "" : `, retries: ${String(retries)}, retry_delay: 0`,
    pushes ? "" : ", do_xcom_push: false",
    multipleOutputs ? ", multiple_outputs: true" : "",
    failsRun ? ", on_failure_fail_dagrun: true" : "",
    kind === "short_circuit" && !ignoresRules ? ", ignore_downstream_trigger_rules: false" : "",
  ];
  return options.join("");
}

function printCall(inputs: Entries, mapping: Mapping | null): string {
  const given = printEntries(inputs);
  if (mapping === null) return inputs.length === 0 ? "()" : `(${given})`;
  const partial = inputs.length === 0 ? "" : `.partial(${given})`;
  if (mapping.kind === "expand") return `${partial}.expand(${printEntries(mapping.inputs)})`;
  return `${partial}.expand_kwargs(${printValue(mapping.source)})`;
}

function printEntries(entries: Entries): string {
  return entries.length === 0
    ? "{}"
    : `{ ${entries.map(([name, value]) => `${name}: ${printValue(value)}`).join(", ")} }`;
}

function printValue(value: Value): string {
  switch (value.type) {
    case "json":
      return text(value.value);
    case "list":
      return `[${value.items.map(printValue).join(", ")}]`;
    case "dict":
      return printEntries(value.entries);
    case "argument":
      return value.name;
    case "get":
      return `${nameOf(value.task)}.get(${text(value.key)})`;
    case "result":
      return nameOf(value.task);
    case "map":
      return `${printValue(value.of)}.map(${value.fn})`;
    case "zip":
    case "concat": {
      const [first = "", ...others] = value.of.map(printValue);
      const fill = "fill" in value ? [`{ fillvalue: ${text(value.fill)} }`] : [];
      return `${first}.${value.type}(${[...others, ...fill].join(", ")})`;
    }
  }
}

function nameOf(id: string): string {
  return id.replace(".", "_");
}

function text(value: Json | undefined | readonly Json[]): string {
  return JSON.stringify(value);
}

function indent(lines: string): string {
  return lines.replace(/^/gm, "  ");
}
