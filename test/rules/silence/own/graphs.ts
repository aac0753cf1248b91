import { type OwnCase, right, wrong } from "./ownCase.js";

/** What the parts of a DAG make together. */
export const graphs: readonly OwnCase[] = [
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
  wrong(
    "a value of a mapped group, mapped over in it",
    "rule:nested-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => add.partial({ y: 1 }).expand({ x })).expand({ x: [1] });",
    "expand",
  ),
  wrong(
    "a value of a mapped group, taken apart",
    "rule:nested-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number[]> }) => total({ values: x.map((n) => n + 1) })).expand({ x: [[1]] });",
    "map",
  ),
  wrong(
    "a value of a mapped group that is no list, taken apart",
    "rule:nested-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => nums().zip(x as unknown as XComArg<number[]>)).expand({ x: [1] });",
    "zip",
  ),
  wrong(
    "over what a mapped group returns",
    "rule:map-over-mapped-group",
    "const all = sums.partial({ y: 1 }).expand({ x: [1] }); add.partial({ y: 1 }).expand({ x: all });",
    "all",
  ),
  wrong(
    "over a task that got out of a mapped group",
    "rule:map-over-mapped-group",
    "let got = num(); task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => { got = add({ x, y: 1 }); }).expand({ x: [1] }); add.partial({ y: 1 }).expand({ x: got });",
    "got",
  ),
  wrong(
    "always in a mapped group",
    "rule:always-with-mapping",
    "task_group({ group_id: 'g' }, ({ x }: { x: XComArg<number> }) => add.override({ trigger_rule: 'always' })({ x, y: 1 })).expand({ x: [1] });",
    "'always'",
  ),
  wrong(
    "a skip before a reducer",
    "rule:skip-before-all-success",
    "const some = task({ task_id: 'some' }, ({ x }: { x: number }) => { if (x > 1) throw new SkipException(); return x; }); total({ values: some.expand({ x: [1, 2] }) });",
  ),
  wrong(
    "a skip in a function of map",
    "rule:skip-before-all-success",
    "const some = nums().map((x) => { if (x > 1) throw new SkipException(); return x; }); total({ values: add.partial({ y: 1 }).expand({ x: some }) });",
  ),
  wrong(
    "a result that is too long",
    "rule:over-map-limit",
    "const many = task({ task_id: 'many' }, () => Array.from({ length: 5000 }, (_, n) => n)); add.partial({ y: 1 }).expand({ x: many() });",
    "Array.from({ length: 5000 }, (_, n) => n)",
  ),
  wrong(
    "a branch to no task",
    "rule:branch-unknown-task",
    "const pick = task.branch({ task_id: 'pick' }, () => 'numm'); chain(pick(), [num(), nums()]);",
    "'numm'",
  ),
  wrong("an empty list of dicts", "rule:zero-length", "add.expand_kwargs([]);", "[]"),
  right(
    "a skip before what bears it",
    "const some = task({ task_id: 'some' }, ({ x }: { x: number }) => { if (x > 1) throw new SkipException(); return x; }); total.override({ trigger_rule: 'none_failed' })({ values: some.expand({ x: [1, 2] }) });",
  ),
];
