import type { Case, Owner } from "../cases.js";

export interface OwnCase extends Case {
  /** True where the code is what stands behind the prelude; otherwise it is the body of a DAG. */
  readonly whole?: boolean;
}

/** Names that the cases use. */
export const ownPrelude = `import { BaseOperator, BashOperator, EmptyOperator, SkipException, chain, cross_downstream, dag, setup, task, task_group, teardown, type XComArg } from "fanout";
const add = task({ task_id: "add" }, ({ x, y, note = "" }: { x: number; y: number; note?: string }) => x + y + note.length);
const num = task({ task_id: "num" }, () => 42);
const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
const strs = task({ task_id: "strs" }, async () => ["a", "b"]);
const report = task({ task_id: "report" }, () => ({ rows: [1, 2], title: "x" }));
const pair = task({ task_id: "pair" }, ({ kv }: { kv: [string, number] }) => kv[1]);
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
const shout = task({ task_id: "shout" }, ({ text }: { text: string }) => text.toUpperCase());
const sums = task_group({ group_id: "sums" }, ({ x, y }: { x: XComArg<number>; y: XComArg<number> }) => add({ x, y }));
class Load extends BaseOperator<{ sql: string; limit?: number }, number[]> {
  static override readonly template_fields = ["sql"] as const;
  execute() { return [this.args.sql.length]; }
}
declare const process: { env: Record<string, string | undefined> };
`;

export const right = (name: string, code: string): OwnCase => ({ name, code, owner: "nobody" });
export const wrong = (name: string, owner: Owner, code: string, at?: string): OwnCase => ({
  ...{ name, code, owner },
  ...(at === undefined ? {} : { at }),
});
/** A whole file instead of a DAG's body. */
export const file = (each: OwnCase): OwnCase => ({ ...each, whole: true });
