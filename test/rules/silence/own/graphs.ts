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
];
