import type { Case, Owner } from "./cases.js";

export interface OwnCase extends Case {
  /** True where the code is what stands behind the prelude; otherwise it is the body of a DAG. */
  readonly whole?: boolean;
}

/** Names that the cases use. */
export const ownPrelude = `import { BaseOperator, BashOperator, EmptyOperator, SkipException, chain, cross_downstream, dag, setup, task, task_group, teardown, type XComArg } from "fanout";
const add = task({ task_id: "add" }, ({ x, y }: { x: number; y: number; note?: string }) => x + y);
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

const right = (name: string, code: string): OwnCase => ({ name, code, owner: "nobody" });
const wrong = (name: string, owner: Owner, code: string, at?: string): OwnCase => ({
  ...{ name, code, owner },
  ...(at === undefined ? {} : { at }),
});
/** A whole file instead of a DAG's body. */
const file = (each: OwnCase): OwnCase => ({ ...each, whole: true });

const calls: readonly OwnCase[] = [
  wrong("expanded twice", "typescript", "add.partial({ y: 1 }).expand({ x: [1] }).expand({ y: [1] });"),
  wrong("partial of partial", "typescript", "add.partial({ y: 1 }).partial({ x: 2 }).expand({ note: ['a'] });"),
  wrong("a second argument", "typescript", "add.expand({ x: [1], y: [1] }, { note: ['a'] });"),
  wrong("an operator's class expanded", "typescript", "Load.expand({ sql: ['a'] });"),
  wrong("an operator expanded", "typescript", "new Load({ task_id: 'load', sql: 'a' }).expand({ sql: ['a'] });"),
  wrong("an operator's partial", "typescript", "new Load({ task_id: 'load', sql: 'a' }).partial({ sql: 'a' });"),
  wrong("a called task expanded", "typescript", "add({ x: 1, y: 1 }).expand({ x: [1] });"),
  wrong("a called partial", "typescript", "add.partial({ y: 1 })({ x: 1 });"),
  wrong("a partial without its input's name", "typescript", "add.partial({ z: 1 }).expand({ x: [1], y: [1] });"),
  wrong("empty partial, empty expand", "rule:empty-expand", "add.partial({}).expand({});"),
  wrong("a group that is given nothing", "rule:empty-expand", "sums.partial({ y: 1 }).expand({});"),
  wrong(
    "an operator that is given nothing",
    "rule:empty-expand",
    "Load.partial({ task_id: 'a', sql: 'a' }).expand({});",
  ),
  wrong(
    "unknown to an operator",
    "rule:unknown-parameter",
    "Load.partial({ task_id: 'a' }).expand({ sql: ['a'], sqll: ['b'] });",
    "sqll",
  ),
  wrong("unknown to a group", "rule:unknown-parameter", "sums.expand({ x: [1], y: [1], z: [1] });", "z"),
  wrong("unknown and no list", "rule:unknown-parameter", "add.expand({ x: [1], y: [1], z: 5 });", "z"),
  wrong(
    "a task id that is expanded",
    "rule:unmappable-parameter",
    "add.expand({ x: [1], y: [1], task_id: ['a'] });",
    "task_id",
  ),
  wrong(
    "a trigger rule that is expanded",
    "rule:unmappable-parameter",
    "Load.partial({ task_id: 'a' }).expand({ sql: ['a'], trigger_rule: ['all_done'] });",
    "trigger_rule",
  ),
  wrong(
    "unmappable and no list",
    "rule:unmappable-parameter",
    "Load.partial({ task_id: 'a' }).expand({ sql: ['a'], retries: 3 });",
    "retries",
  ),
  wrong("given twice and no list", "rule:partial-and-expand", "add.partial({ y: 10 }).expand({ x: [1], y: 1 });", "y"),
  wrong(
    "given twice to a group",
    "rule:partial-and-expand",
    "sums.partial({ y: 10 }).expand({ x: [1], y: [1] });",
    "y",
  ),
  wrong(
    "given twice to an operator",
    "rule:partial-and-expand",
    "Load.partial({ task_id: 'a', sql: 'a' }).expand({ sql: ['a'], limit: [1] });",
    "sql",
  ),
  wrong("a partial in a variable", "rule:never-expanded", "const partial = add.partial({ y: 10 });"),
  wrong("a group's partial", "rule:never-expanded", "sums.partial({ y: 10 });"),
  wrong("an operator's partial that is left", "rule:never-expanded", "Load.partial({ task_id: 'a' });"),
  wrong("a task without a name", "rule:missing-task-id", "task(({ x }: { x: number }) => x)({ x: 1 });"),
  wrong("kwargs from a number", "typescript", "add.expand_kwargs(5);"),
  wrong("kwargs from a text", "typescript", "add.expand_kwargs('abc');"),
  wrong("kwargs from a dict", "typescript", "add.expand_kwargs({ x: 1, y: 2 });"),
  wrong("kwargs from a list of lists", "typescript", "add.expand_kwargs([[1, 2]]);"),
  wrong("kwargs from a list of numbers", "typescript", "add.expand_kwargs(nums());"),
  wrong("kwargs with a name that is none", "typescript", "add.expand_kwargs([{ x: 1, y: 2, z: 3 }]);"),
  wrong("kwargs with a name that partial has", "typescript", "add.partial({ y: 1 }).expand_kwargs([{ x: 1, y: 2 }]);"),
  wrong("kwargs with a wrong value", "typescript", "add.expand_kwargs([{ x: 1, y: 'a' }]);"),
  right("kwargs with a reference", "add.expand_kwargs([{ x: num(), y: 2 }, { x: 1, y: 2, note: 'a' }]);"),
  right("no inputs at all", "nums(); num(); strs();"),
  right(
    "options that are named like inputs",
    "task({ task_id: 'a' }, ({ pool }: { pool: string }) => pool).expand({ pool: ['a'] });",
  ),
];

const values: readonly OwnCase[] = [
  wrong("a number by its name", "rule:not-mappable", "const x = 5; add.partial({ y: 1 }).expand({ x });", "x"),
  wrong(
    "a text from a function",
    "rule:not-mappable",
    "const name = () => 'abc'; shout.expand({ text: name() });",
    "name()",
  ),
  wrong("a template for texts", "rule:not-mappable", "shout.expand({ text: '{{ ds }}' });", "'{{ ds }}'"),
  wrong(
    "a dict's value in place of the dict",
    "rule:not-mappable",
    "const config = { count: 5 }; add.partial({ y: 1 }).expand({ x: config.count });",
    "config.count",
  ),
  wrong("inputs in a variable", "rule:not-mappable", "const inputs = { x: 5, y: [1] }; add.expand(inputs);", "5"),
  wrong("inputs by a spread", "rule:not-mappable", "const inputs = { x: 5 }; add.expand({ ...inputs, y: [1] });", "5"),
  wrong("any behind a cast", "rule:not-mappable", "add.partial({ y: 1 }).expand({ x: 5 as any });"),
  wrong(
    "a list or nothing by a condition",
    "rule:not-mappable",
    "const flag = process.env['A'] === '1'; add.partial({ y: 1 }).expand({ x: flag ? [1] : undefined });",
  ),
  wrong(
    "an object's method that is not called",
    "rule:not-mappable",
    "const list = [1]; add.partial({ y: 1 }).expand({ x: list.slice });",
    "list.slice",
  ),
  wrong("a group that is not called", "rule:not-mappable", "add.partial({ y: 1 }).expand({ x: sums });", "sums"),
  wrong(
    "an operator in place of its output",
    "rule:not-mappable",
    "const load = new Load({ task_id: 'load', sql: 'a' }); add.partial({ y: 1 }).expand({ x: load });",
    "load",
  ),
  wrong(
    "a mapped operator in place of its output",
    "rule:not-mappable",
    "const load = Load.partial({ task_id: 'load' }).expand({ sql: ['a'] }); total.override({})({ values: [] }); add.partial({ y: 1 }).expand({ x: load });",
    "load",
  ),
  wrong(
    "the result of a short circuit",
    "rule:not-mappable",
    "const go = task.short_circuit({ task_id: 'go' }, () => true); add.partial({ y: 1 }).expand({ x: go() });",
    "go()",
  ),
  wrong(
    "the result of a sensor without a value",
    "rule:not-mappable",
    "const wait = task.sensor({ task_id: 'wait' }, () => true); add.partial({ y: 1 }).expand({ x: wait() });",
    "wait()",
  ),
  wrong(
    "the result of an empty operator",
    "rule:not-mappable",
    "const nothing = new EmptyOperator({ task_id: 'nothing' }); add.partial({ y: 1 }).expand({ x: nothing.output });",
    "nothing.output",
  ),
  wrong(
    "the result of a command",
    "rule:not-mappable",
    "const bash = new BashOperator({ task_id: 'bash', bash_command: 'echo 1' }); shout.expand({ text: bash.output });",
    "bash.output",
  ),
  wrong(
    "a task that returns a generator",
    "rule:not-mappable",
    "const make = task({ task_id: 'make' }, function* () { yield 1; }); add.partial({ y: 1 }).expand({ x: make() });",
  ),
  wrong("a value of a group", "rule:not-mappable", "sums.partial({ y: 1 }).expand({ x: num() });", "num()"),
  wrong(
    "in a loop",
    "rule:not-mappable",
    "for (const id of ['a', 'b']) add.override({ task_id: id }).partial({ y: 1 }).expand({ x: 5 });",
    "5",
  ),
  wrong(
    "in a function that is called twice",
    "rule:not-mappable",
    "const map = (id: string) => add.override({ task_id: id }).partial({ y: 1 }).expand({ x: 5 }); map('a'); map('b');",
    "5",
  ),
  wrong("a wrong item deep in a list", "typescript", "add.partial({ y: 1 }).expand({ x: [1, [2]] });"),
  wrong(
    "a class instance",
    "typescript",
    "class Box { readonly size = 1; } add.partial({ y: 1 }).expand({ x: new Box() });",
  ),
  wrong("an enumeration itself", "typescript", "enum Size { Small, Big } add.partial({ y: 1 }).expand({ x: Size });"),
  right("a const list", "const list = [1, 2] as const; add.expand({ x: list, y: [...list, 3] });"),
  right("a list from a function", "const list = (): number[] => [1]; add.partial({ y: 1 }).expand({ x: list() });"),
  right(
    "a list from the environment",
    "const list = (process.env['A'] ?? '').split(','); shout.expand({ text: list });",
  ),
  right(
    "a list by a condition",
    "const flag = process.env['A'] === '1'; add.partial({ y: 1 }).expand({ x: flag ? [1] : nums() });",
  ),
  right("a part of a list", "add.partial({ y: 1 }).expand({ x: [1, 2, 3].slice(1).map((n) => n * 2) });"),
  right("references in a list", "add.partial({ y: 1 }).expand({ x: [num(), num.override({ task_id: 'b' })()] });"),
  right("a dict of references", "pair.expand({ kv: { a: num(), b: 1 } });"),
  right("the values of an enumeration", "enum Name { A = 'a', B = 'b' } shout.expand({ text: Object.values(Name) });"),
  right(
    "a mapped operator's output",
    "total({ values: Load.partial({ task_id: 'load' }).expand({ sql: ['a'] }).output.map((rows) => rows.length) });",
  ),
  right("a group's result", "total({ values: sums.partial({ y: 1 }).expand({ x: nums() }) });"),
];

const references: readonly OwnCase[] = [
  wrong("a negated reference", "rule:reference-as-value", "if (!num()) shout({ text: 'a' });"),
  wrong("a reference in a ternary", "rule:reference-as-value", "shout({ text: num() ? 'a' : 'b' });"),
  wrong("a reference before &&", "rule:reference-as-value", "const on = num(); void (on && shout({ text: 'a' }));"),
  wrong("a reference that is spread", "typescript", "add.partial({ y: 1 }).expand({ x: [...nums()] });"),
  wrong("a reference taken apart", "typescript", "const [first] = nums(); void first;"),
  wrong("an entry taken out of a reference", "typescript", "const { rows } = report(); void rows;"),
  wrong("an item of a reference", "typescript", "add({ x: nums()[0], y: 1 });"),
  wrong("the length of a reference", "typescript", "add({ x: nums().length, y: 1 });"),
  wrong("a reference compared with a number", "typescript", "if (num() === 42) shout({ text: 'a' });"),
  wrong("a reference compared by size", "typescript", "if (num() > 3) shout({ text: 'a' });"),
  wrong("a reference in a switch", "typescript", "switch (num()) { case 42: shout({ text: 'a' }); }"),
  wrong("a reference as an index", "typescript", "const names = ['a']; shout({ text: names[num()] });"),
  wrong(
    "a custom key that is expanded",
    "rule:custom-key-mapping",
    "add.partial({ y: 1 }).expand({ x: report().get('rows') });",
  ),
  wrong(
    "a custom key that is derived from",
    "rule:custom-key-mapping",
    "total({ values: report().get('rows').map((n) => n + 1) });",
  ),
  wrong(
    "a custom key that is zipped",
    "rule:custom-key-mapping",
    "const zipped = report().get('rows').zip(nums()); void zipped;",
  ),
  wrong("a task as the function of map", "typescript", "void nums().map(add);"),
  wrong("zip with a list", "typescript", "total({ values: nums().zip([1]).map(([n]) => n) });"),
  wrong("concat with a list", "typescript", "total({ values: nums().concat([1]) });"),
  wrong("a map function of two", "typescript", "void nums().map((n: number, index: number) => n + index);"),
  right("a reference in a text", "shout({ text: `counted ${num()} rows` });"),
  right("an entry as an input", "total({ values: report().get('rows') });"),
  right(
    "a reference that may be there",
    "const on = process.env['A'] === '1' ? num() : undefined; if (on) shout({ text: 'a' });",
  ),
  right(
    "a chain of derived references",
    "total({ values: nums().map((n) => n + 1).concat(nums.override({ task_id: 'b' })()).zip(strs()).map(([n]) => n) });",
  ),
];

const graphs: readonly OwnCase[] = [
  wrong("a cycle by chain", "rule:cycle", "const a = num(); const b = nums(); chain(a, b, a);"),
  wrong("a task after itself", "rule:cycle", "const a = num(); chain(a, a);"),
  wrong("a cycle by inputs", "rule:cycle", "const a = num(); const b = add({ x: a, y: 1 }); a.set_upstream(b);"),
  wrong(
    "two operators of one id",
    "rule:duplicate-task-id",
    "new Load({ task_id: 'a', sql: 'a' }); new Load({ task_id: 'a', sql: 'b' });",
    "'a'",
  ),
  wrong(
    "a loop that makes one id again and again",
    "rule:duplicate-task-id",
    "for (const sql of ['a', 'b']) new Load({ task_id: 'a', sql });",
  ),
  right("a group that is called twice", "sums({ x: 1, y: 1 }); sums({ x: 1, y: 1 });"),
  wrong(
    "mapping in a mapped group",
    "rule:nested-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => add.partial({ y: x }).expand({ x: [1] })).expand({ x: [1] });",
  ),
  wrong(
    "a mapped group in a mapped group",
    "rule:nested-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => sums.partial({ y: x }).expand({ x: [1] })).expand({ x: [1] });",
  ),
  wrong(
    "always, mapped over a result",
    "rule:always-with-mapping",
    "add.override({ trigger_rule: 'always' }).partial({ y: 1 }).expand({ x: nums() });",
  ),
  wrong(
    "a branch that is mapped",
    "rule:mapped-branch",
    "task.branch({ task_id: 'pick' }, ({ x }: { x: number }) => String(x)).expand({ x: [1] });",
  ),
  wrong(
    "a rule that does not go with failing fast",
    "rule:fail-fast-trigger-rule",
    "dag({ dag_id: 'd', fail_fast: true }, () => { num.override({ trigger_rule: 'all_done' })(); });",
  ),
  wrong("no values for a group", "rule:zero-length", "sums.partial({ y: 1 }).expand({ x: [] });", "[]"),
  wrong("no values for one of two", "rule:zero-length", "add.expand({ x: [], y: [1] });", "[]"),
  wrong("no entries", "rule:zero-length", "pair.expand({ kv: {} });", "{}"),
  wrong("no dicts", "rule:zero-length", "add.expand_kwargs([]);", "[]"),
  wrong(
    "nothing left by a filter",
    "rule:zero-length",
    "add.partial({ y: 1 }).expand({ x: [1, 2].filter((n) => n > 5) });",
  ),
  wrong(
    "more than the limit",
    "rule:over-map-limit",
    "add.partial({ y: 1 }).expand({ x: Array.from({ length: 2000 }, (_, index) => index) });",
  ),
  wrong(
    "more than the limit by a product",
    "rule:over-map-limit",
    "const many = Array.from({ length: 100 }, (_, index) => index); add.expand({ x: many, y: many });",
  ),
  wrong("a mistyped trigger rule", "typescript", "num.override({ trigger_rule: 'all_sucess' })();"),
  wrong("a dependency on a number", "typescript", "chain(num(), 5);"),
  wrong("a dependency on a task that is not called", "typescript", "chain(num(), nums);"),
  right("a diamond", "const a = num(); const [b, c] = [nums(), strs()]; chain(a, [b, c], total({ values: b }));"),
  right("a task in two lists", "const a = num(); cross_downstream([a, nums()], [strs(), shout({ text: 'a' })]);"),
  right(
    "a branch of tasks that there are",
    "const pick = task.branch({ task_id: 'pick' }, () => 'num'); chain(pick(), [num(), nums()]);",
  ),
  right(
    "a mapped group with a branch",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => { const pick = task.branch({ task_id: 'pick' }, ({ x }: { x: number }) => x > 1 ? 'g.num' : null); chain(pick({ x }), num()); }).expand({ x: [1, 2] });",
  ),
  right(
    "setup and teardown",
    "const open = setup({ task_id: 'open' }, () => 1); const close = teardown({ task_id: 'close' }, () => {}); const a = open(); chain(a, num(), close().as_teardown({ setups: a }));",
  ),
  right(
    "all_done after a mapping",
    "total.override({ trigger_rule: 'all_done' })({ values: add.partial({ y: 1 }).expand({ x: nums() }) });",
  ),
];

const dags: readonly OwnCase[] = [
  wrong(
    "a DAG's id with a space",
    "rule:invalid-id",
    "export default dag({ dag_id: 'a b' }, () => { num(); });",
    "'a b'",
  ),
  wrong(
    "a task's id with a space",
    "rule:invalid-id",
    "export default dag({ dag_id: 'd' }, () => { num.override({ task_id: 'a b' })(); });",
    "'a b'",
  ),
  wrong(
    "a group's id with a dot",
    "rule:invalid-id",
    "export default dag({ dag_id: 'd' }, () => { sums.override({ group_id: 'a.b' })({ x: 1, y: 1 }); });",
    "'a.b'",
  ),
  wrong("a DAG without an id", "typescript", "export default dag({}, () => { num(); });"),
  wrong(
    "an option that there is not",
    "typescript",
    "export default dag({ dag_id: 'd', schedul: '@daily' }, () => { num(); });",
  ),
  wrong(
    "a start date that is a text",
    "typescript",
    "export default dag({ dag_id: 'd', start_date: '2022-04-02' }, () => { num(); });",
  ),
  right(
    "several DAGs",
    "export const one = dag({ dag_id: 'one' }, () => { num(); }); export const two = dag({ dag_id: 'two' }, () => { num(); });",
  ),
  right(
    "a DAG with all it takes",
    "export default dag({ dag_id: 'd', schedule: '0 6 * * *', start_date: new Date('2022-04-02'), catchup: false, max_active_runs: 1, default_args: { retries: 2, retry_delay: '5m' }, tags: ['a'] }, () => { num(); });",
  ),
  right(
    "a DAG that a function makes",
    "const make = (id: string) => dag({ dag_id: id }, () => { num(); }); export const a = make('a'); export const b = make('b');",
  ),
].map(file);

/** Cases of our own, beside those that the design began with. */
export const ownCases: readonly OwnCase[] = [...calls, ...values, ...references, ...graphs, ...dags];
