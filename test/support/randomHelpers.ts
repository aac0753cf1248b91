/** What the generated files import from `fanout`. */
export const API_NAMES = [
  "BaseOperator",
  "BaseSensorOperator",
  "BashOperator",
  "EmptyOperator",
  "Param",
  "chain",
  "cross_downstream",
  "dag",
  "setup",
  "task",
  "task_group",
  "teardown",
] as const;

/** The file beside a generated DAG file: tasks of every kind, classes, and functions that make tasks. */
export const HELPERS = `export const run = task({ task_id: "run" }, (inputs) => inputs);
export const make = setup({ task_id: "make" }, (inputs) => inputs);
export const clean = teardown({ task_id: "clean", on_failure_fail_dagrun: true }, (inputs) => inputs);
export const pick = task.branch({ task_id: "pick" }, () => null);
export const stop = task.short_circuit({ task_id: "stop", ignore_downstream_trigger_rules: false }, () => true);
export const wait = task.sensor({ task_id: "wait", mode: "reschedule", poke_interval: "1m" }, (inputs) => true);
export const shell = task.bash({ task_id: "shell", retries: 1 }, (inputs) => "true");
export const pair = task(function pair({ x, y = 2 }) { return [x, y]; });
export const rows = task({ task_id: "rows", multiple_outputs: true }, (inputs) => ({ a: inputs, b: 2 }));
export const shared = { retries: 2, trigger_rule: "all_done" };

export class Load extends BaseOperator {
  static template_fields = ["sql"];
  execute() { return [this.args.sql]; }
}
export class Big extends Load {}
export class Watch extends BaseSensorOperator {
  static template_fields = ["path"];
  poke() { return true; }
}
export const loadFor = (limit) => class Limited extends Load {
  execute() { return [limit]; }
};

export const step = (task_id, trigger_rule = "all_success") => new EmptyOperator({ task_id, trigger_rule });
export function both(value) { return { one: run({ x: value }), other: pair({ x: value, y: [value] }) }; }
export const each = (values, fn) => values.map((value, index) => fn(value, index));
export class Maker {
  made = [];
  constructor(prefix) { this.prefix = prefix; }
  add(value) {
    const result = run.override({ task_id: this.prefix })({ x: value });
    this.made.push(result);
    return result;
  }
}
export const checks = task_group(
  { group_id: "checks", default_args: { trigger_rule: "none_failed" } },
  ({ x, y }) => pair({ x: run({ x: y }), y: x }),
);
`;

/** The names that `HELPERS` exports. */
const HELPER_NAMES = [...HELPERS.matchAll(/^export (?:const|class|function) (\w+)/gm)].map(([, name = ""]) => name);

/** A file with what `randomDags` wrote goes to `made.dag.ts`, beside the tasks and classes that it takes from another one. */
export const generatedProject = `//- /made.dag.ts
export {};
//- /helpers.ts
import { ${API_NAMES.join(", ")} } from "fanout";
${HELPERS}`;

export function generatedFile(text: string): string {
  return `
    import { ${API_NAMES.join(", ")} } from "fanout";
    import { ${HELPER_NAMES.join(", ")} } from "./helpers.js";
    declare const process: { env: Record<string, string> };
    const flag = process.env["FLAG"] === "1";
    ${text}`;
}
