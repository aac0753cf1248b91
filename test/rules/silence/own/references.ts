import { type OwnCase, right, wrong } from "./ownCase.js";

/** What a DAG does with references. */
export const references: readonly OwnCase[] = [
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
