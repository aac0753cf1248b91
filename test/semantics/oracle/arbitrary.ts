/** Draws programs by chance. What is drawn are numbers, which `readProgram` makes a valid program of, so shrinking them works. */
import fc from "fast-check";
import { FUNCTION_NAMES, type FunctionName, type Json } from "./program.js";

/** Everything that picks among others does so by a number, modulo how many there are; the first is the simplest. */
type Pick = number;

export interface RawProgram {
  readonly maxMapLength: number;
  readonly steps: readonly (RawTask | RawGroup)[];
  readonly links: readonly (readonly [Pick, Pick])[];
  /** Which of the instances that may run is the next. */
  readonly order: readonly Pick[];
}

export interface RawTask {
  readonly type: "task";
  readonly kind: "task" | "branch" | "short_circuit" | "setup" | "teardown";
  readonly rule: Pick;
  readonly failsRun: boolean;
  readonly retries: number;
  readonly pushes: boolean;
  readonly multipleOutputs: boolean;
  readonly returns: "inputs" | readonly Json[];
  readonly acts: readonly {
    readonly index: number;
    readonly try: number;
    readonly does: "skip" | "fail" | "give_up";
  }[];
  readonly inputs: readonly RawValue[];
  readonly mapping: RawMapping | null;
  /** Of a branch: which of what follows it follows, by instance. Of a short circuit: which values are false. */
  readonly follows: readonly Pick[];
}

export interface RawGroup {
  readonly type: "group";
  readonly inputs: readonly RawValue[];
  readonly mapping: RawMapping | null;
  readonly tasks: readonly RawTask[];
}

export type RawMapping =
  | { readonly kind: "expand"; readonly inputs: readonly RawSource[] }
  | { readonly kind: "kwargs"; readonly items: readonly RawItem[] | null; readonly reference: RawReference };

export type RawSource =
  | { readonly type: "literal"; readonly value: Json }
  | { readonly type: "values"; readonly values: readonly RawValue[] }
  | RawReference;

/** An item of the list that `expand_kwargs` takes. */
export type RawItem = { readonly type: "dict"; readonly x: RawValue; readonly y: RawValue | null } | RawReference;

export type RawValue =
  | { readonly type: "json"; readonly value: Json }
  | { readonly type: "list" | "dict"; readonly values: readonly RawValue[] }
  | { readonly type: "argument"; readonly pick: Pick }
  | { readonly type: "get"; readonly pick: Pick; readonly key: string }
  | RawReference;

export type RawReference =
  | { readonly type: "result"; readonly pick: Pick }
  | { readonly type: "map"; readonly of: RawReference; readonly fn: FunctionName }
  | { readonly type: "zip"; readonly of: readonly RawReference[]; readonly fill?: Json }
  | { readonly type: "concat"; readonly of: readonly RawReference[] };

const pick = fc.nat(30);
const item: fc.Arbitrary<Json> = fc.constantFrom<Json>(0, 1, 2, "t", null, [1], { k: 1 });
const list = fc.array(item, { maxLength: 3 });
const dict = fc.dictionary(fc.constantFrom("k", "l"), item, { maxKeys: 2, noNullPrototype: true });
const kwargs = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.dictionary(fc.constantFrom("x", "y"), item, { minKeys: 1, noNullPrototype: true }) },
    { weight: 1, arbitrary: fc.constantFrom<Json>({ q: 1 }, { a: 1, x: 1 }, 5, null) },
  ),
  { minLength: 1, maxLength: 3 },
);

const returns = fc.oneof(
  { weight: 4, arbitrary: fc.constant("inputs" as const) },
  {
    weight: 8,
    arbitrary: fc.array(
      fc.oneof(
        { weight: 6, arbitrary: list },
        { weight: 3, arbitrary: kwargs },
        { weight: 2, arbitrary: dict },
        { weight: 2, arbitrary: item },
      ) as fc.Arbitrary<Json>,
      { minLength: 1, maxLength: 3 },
    ),
  },
);

const acts = fc.array(
  fc.record({
    index: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(3) }),
    try: fc.oneof({ weight: 3, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: fc.integer({ min: 2, max: 3 }) }),
    does: fc.constantFrom("skip" as const, "fail" as const, "fail" as const, "give_up" as const),
  }),
  { maxLength: 2 },
);

const { value, reference } = fc.letrec<{ value: RawValue; reference: RawReference }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("json" as const), value: item }) },
    { weight: 6, arbitrary: tie("reference") },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("argument" as const), pick }) },
    {
      weight: 1,
      arbitrary: fc.record({ type: fc.constant("get" as const), pick, key: fc.constantFrom("k", "x", "a") }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constantFrom("list" as const, "dict" as const),
        values: fc.array(tie("value"), { maxLength: 2 }),
      }),
    },
  ),
  reference: fc.oneof(
    { maxDepth: 2, withCrossShrink: true },
    { weight: 8, arbitrary: fc.record({ type: fc.constant("result" as const), pick }) },
    {
      weight: 2,
      arbitrary: fc.record({
        type: fc.constant("map" as const),
        of: tie("reference"),
        fn: fc.constantFrom(...FUNCTION_NAMES),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record(
        {
          type: fc.constant("zip" as const),
          of: fc.array(tie("reference"), { minLength: 1, maxLength: 2 }),
          fill: item,
        },
        { requiredKeys: ["type", "of"] },
      ),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        type: fc.constant("concat" as const),
        of: fc.array(tie("reference"), { minLength: 1, maxLength: 2 }),
      }),
    },
  ),
}));

const source: fc.Arbitrary<RawSource> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("literal" as const), value: fc.oneof(list, dict) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("values" as const), values: fc.array(value, { maxLength: 2 }) }),
  },
  { weight: 5, arbitrary: reference },
);

const kwargsItem: fc.Arbitrary<RawItem> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant("dict" as const), x: value, y: fc.option(value) }) },
  { weight: 1, arbitrary: reference },
);

const mapping: fc.Arbitrary<RawMapping> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant("expand" as const),
      inputs: fc.array(source, { minLength: 1, maxLength: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("kwargs" as const),
      items: fc.option(fc.array(kwargsItem, { maxLength: 3 })),
      reference,
    }),
  },
);

const kind = fc.oneof(
  { weight: 8, arbitrary: fc.constant("task" as const) },
  { weight: 1, arbitrary: fc.constant("branch" as const) },
  { weight: 1, arbitrary: fc.constantFrom("short_circuit" as const, "setup" as const, "teardown" as const) },
);

const task: fc.Arbitrary<RawTask> = fc.record({
  type: fc.constant("task" as const),
  kind,
  rule: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 4, arbitrary: fc.nat(11) }),
  failsRun: fc.boolean(),
  retries: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(2) }),
  pushes: fc.oneof({ weight: 12, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  multipleOutputs: fc.oneof({ weight: 12, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  returns,
  acts,
  inputs: fc.array(value, { maxLength: 2 }),
  mapping: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: mapping }),
  follows: fc.array(pick, { minLength: 1, maxLength: 2 }),
});

const group: fc.Arbitrary<RawGroup> = fc.record({
  type: fc.constant("group" as const),
  inputs: fc.array(value, { maxLength: 1 }),
  mapping: fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 3, arbitrary: mapping }),
  tasks: fc.array(task, { minLength: 1, maxLength: 4 }),
});

export const rawProgram: fc.Arbitrary<RawProgram> = fc.record({
  maxMapLength: fc.oneof(
    { weight: 9, arbitrary: fc.constant(1024) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 2 }) },
  ),
  steps: fc.array(fc.oneof({ weight: 5, arbitrary: task }, { weight: 1, arbitrary: group }), {
    minLength: 1,
    maxLength: 7,
  }),
  links: fc.array(fc.tuple(pick, pick), { maxLength: 4 }),
  order: fc.array(pick, { maxLength: 12 }),
});
