/** Who says what is wrong. */
export type Owner = "typescript" | "nobody" | `rule:${string}`;

export interface Case {
  readonly name: string;
  readonly code: string;
  readonly owner: Owner;
  /** The text that the rule marks. */
  readonly at?: string;
}

/** Names that the cases use. */
export const casePrelude = `import { dag, task } from "fanout";
const add = task({ task_id: "add" }, ({ x, y, note = "" }: { x: number; y: number; note?: string }) => x + y + note.length);
const one = task({ task_id: "one" }, () => "a string");
const num = task({ task_id: "num" }, () => 42);
const nums = task({ task_id: "nums" }, () => [1, 2, 3]);
const strs = task({ task_id: "strs" }, async () => ["a", "b"]);
const dict = task({ task_id: "dict" }, () => ({ a: 1, b: 2 }) as Record<string, number>);
const maybe = task({ task_id: "maybe" }, (): number[] | undefined => undefined);
const anyT = task({ task_id: "anyT" }, () => JSON.parse("[]"));
const unk = task({ task_id: "unk" }, (): unknown => []);
const nothing = task({ task_id: "nothing" }, () => {});
const pair = task({ task_id: "pair" }, ({ kv }: { kv: [string, number] }) => kv[1]);
const total = task({ task_id: "total" }, ({ values }: { values: readonly number[] }) => values.length);
`;

const right = (name: string, code: string): Case => ({ name, code, owner: "nobody" });
const wrong = (name: string, owner: Owner, code: string): Case => ({ name, code, owner });

export const cases: readonly Case[] = [
  right("ok1 map and reduce", "total({ values: add.partial({ y: 10 }).expand({ x: [1, 2, 3] }) });"),
  right("ok2 a dict", "pair.expand({ kv: { a: 1 } });"),
  right("ok3 a dict from upstream", "pair.expand({ kv: dict() });"),
  right("ok4 a cross product", "add.expand({ x: nums(), y: [1, 2] });"),
  right(
    "ok5 mapped into mapped",
    "add.override({ task_id: 'b' }).expand({ x: add.expand({ x: nums(), y: [1] }), y: [3] });",
  ),
  right("ok6 a list of dicts", "add.expand_kwargs([{ x: 1, y: 2 }]);"),
  right("ok7 dicts from upstream", "add.partial({ y: 1 }).expand_kwargs(nums().map((n) => ({ x: n })));"),
  right("ok8 a result as an item", "add.expand({ x: [1, num()], y: [2] });"),
  right("ok9 zip and map", "add.partial({ y: 1 }).expand({ x: strs().zip(nums()).map(([s, n]) => s.length + n) });"),
  wrong("m1 upstream string", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: one() });"),
  wrong("m2 upstream number", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: num() });"),
  wrong("m3 upstream list of wrong items", "typescript", "add.partial({ y: 10 }).expand({ x: strs() });"),
  wrong("m4 perhaps undefined", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: maybe() });"),
  wrong("m5 any", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: anyT() });"),
  wrong("m6 unknown", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: unk() });"),
  wrong("m7 nothing returned", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: nothing() });"),
  wrong("m8 a missing input", "typescript", "add.expand({ x: [1] });"),
  wrong("m9 given twice", "rule:partial-and-expand", "add.partial({ y: 10 }).expand({ x: [1], y: [1] });"),
  wrong("m10 unmappable", "rule:unmappable-parameter", "add.partial({ y: 10 }).expand({ x: [1], pool: ['a'] });"),
  wrong("m11 unknown parameter", "rule:unknown-parameter", "add.partial({ y: 10 }).expand({ x: [1], z: [1] });"),
  wrong("m12 a plain value", "rule:not-mappable", "add.partial({ y: 10 }).expand({ x: 5 });"),
  wrong("m13 an upstream dict where no pair is wanted", "typescript", "add.partial({ y: 10 }).expand({ x: dict() });"),
  wrong("m14 a dict where no pair is wanted", "typescript", "add.partial({ y: 10 }).expand({ x: { a: 1 } });"),
  wrong(
    "m15 a list for a single value",
    "typescript",
    "add.override({ task_id: 'b' })({ x: add.partial({ y: 10 }).expand({ x: [1] }), y: 1 });",
  ),
  wrong("m16 a wrong value for partial", "typescript", "add.partial({ y: 'a' }).expand({ x: [1] });"),
  wrong("m17 never expanded", "rule:never-expanded", "add.partial({ y: 10 });"),
  wrong("m18 nothing to expand", "rule:empty-expand", "add.expand({});"),
  wrong("m19 an option in partial", "typescript", "add.partial({ y: 10, pool: 'x' }).expand({ x: [1] });"),
  wrong("m20 a list of wrong items", "typescript", "add.partial({ y: 10 }).expand({ x: ['a'] });"),
  wrong("m21 a partial as a value", "typescript", "total({ values: add.partial({ y: 10 }) });"),
  wrong("m22 a loop over a reference", "typescript", "for (const v of nums()) add({ x: v, y: 1 });"),
  wrong("m23 a reference as a condition", "rule:reference-as-value", "if (num()) add({ x: 1, y: 1 });"),
  wrong("m24 arithmetic on a reference", "typescript", "add({ x: num() + 1, y: 1 });"),
  wrong("m25 called twice", "rule:duplicate-task-id", "add({ x: 1, y: 1 }); add({ x: 1, y: 1 });"),
  wrong("m26 a dict that lacks an input", "typescript", "add.expand_kwargs([{ x: 1 }]);"),
  wrong("m27 an empty list", "rule:zero-length", "add.partial({ y: 10 }).expand({ x: [] });"),
  wrong("m28 a template for a number", "typescript", "add({ x: '{{ ds }}', y: 1 });"),
  wrong("m29 a member that is not there", "typescript", "add({ x: nums().get('lenght'), y: 1 });"),
];
