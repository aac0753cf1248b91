import { type OwnCase, right, wrong } from "./ownCase.js";

/** What is mapped over. */
export const values: readonly OwnCase[] = [
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
