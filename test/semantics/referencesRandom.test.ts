import fc from "fast-check";
import { expect, it } from "vitest";
import { type FinishedRun, runDag } from "../runtime/support/project.js";
import {
  type Expression,
  FUNCTIONS,
  type FunctionName,
  SKIPPED,
  SKIP_ODD,
  type Source,
  evaluate,
  hasSkippedSource,
  textOf,
} from "../support/referenceValues.js";

const SEED = Number(process.env["FANOUT_SEED"] ?? 20220402);
const RUNS = Number(process.env["FANOUT_REFERENCE_RUNS"] ?? 20);
const SOURCES = 4;

const item = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.constantFrom(null, "t", [1], { a: 1 }));
const source: fc.Arbitrary<Source> = fc.record({
  type: fc.constantFrom("list", "mapped"),
  items: fc.oneof({ weight: 9, arbitrary: fc.array(item, { minLength: 1, maxLength: 5 }) }, fc.constant([])),
});

const functions: readonly FunctionName[] = [...(Object.keys(FUNCTIONS) as FunctionName[]), "skipOdd"];
const { expression } = fc.letrec<{ expression: Expression }>((tie) => {
  const parts = fc.array(tie("expression"), { minLength: 1, maxLength: 3 });
  return {
    expression: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.record({ type: fc.constant("source"), source: fc.nat(SOURCES - 1) }),
      fc.record({ type: fc.constant("map"), of: tie("expression"), fn: fc.constantFrom(...functions) }),
      fc.record({ type: fc.constant("zip"), of: parts }),
      fc.record({ type: fc.constant("zip"), of: parts, fill: item }),
      fc.record({ type: fc.constant("concat"), of: parts }),
    ),
  };
});

const definitions = `
  const give = task({ task_id: "give" }, ({ value }: any) => value);
  const use = task({ task_id: "use", trigger_rule: "none_failed" }, (inputs: any) => ({ ...inputs }));
  const all = task({ task_id: "all", trigger_rule: "none_failed" }, ({ x }: any) => [...x]);
  ${Object.entries(FUNCTIONS)
    .map(([name, fn]) => `const ${name} = ${String(fn)};`)
    .join("\n")}
  const skipOdd = ${SKIP_ODD};`;

function bodyOf(sources: readonly Source[], expressions: readonly Expression[]): string {
  const given = sources.map(({ type, items }, index) => {
    const list = JSON.stringify(items);
    const call = type === "list" ? `give({ value: ${list} })` : `give.expand({ value: ${list} } as any)`;
    return `const s${index}: any = ${call};`;
  });
  const used = expressions.map((each, index) => {
    const text = textOf(each);
    return `all.override({ task_id: "all${index}" })({ x: ${text} });
      use.override({ task_id: "use${index}" }).expand({ x: ${text} });
      use.override({ task_id: "cross${index}" }).expand({ x: ${text}, y: [7, 8] });
      use.override({ task_id: "kwargs${index}" }).expand_kwargs(${text}.map((x: any) => ({ x })));`;
  });
  return [...given, ...used].join("\n");
}

/** What every instance of a mapped task must be: its result, or that it was skipped. */
function expectInstances(run: FinishedRun, task_id: string, expected: readonly unknown[], about: string): void {
  const task = run.task(task_id);
  if (expected.length === 0) {
    expect([task.state, task.instances.map(({ map_index }) => map_index)], about).toEqual(["skipped", [-1]]);
    return;
  }
  expect(task.count, about).toBe(expected.length);
  const states = expected.map((value) => (value === SKIPPED ? "skipped" : "success"));
  expect(
    task.instances.map(({ state }) => state),
    about,
  ).toEqual(states);
  expect(run.xcom(task_id), about).toEqual(expected.filter((value) => value !== SKIPPED));
}

function expectSame(run: FinishedRun, sources: readonly Source[], each: Expression, index: number): void {
  const about = `${textOf(each)} over ${JSON.stringify(sources)}`;
  const items = evaluate(each, sources);
  const isSkipped = items.includes(SKIPPED);
  expect(run.task(`all${index}`).state, about).toBe(isSkipped ? "skipped" : "success");
  if (!isSkipped) expect(run.xcom(`all${index}`), about).toEqual(items);
  const mapped = hasSkippedSource(each, sources) ? [] : items;
  const dicts = mapped.map((x) => (x === SKIPPED ? x : { x }));
  expectInstances(run, `use${index}`, dicts, about);
  expectInstances(run, `kwargs${index}`, dicts, about);
  const crossed = dicts.flatMap((x) => [7, 8].map((y) => (x === SKIPPED ? x : { ...(x as object), y })));
  expectInstances(run, `cross${index}`, crossed, about);
}

it(
  "2.3–2.7 references are what the specification says, however they are nested",
  async () => {
    const dag = fc.record({
      sources: fc.array(source, { minLength: SOURCES, maxLength: SOURCES }),
      expressions: fc.array(expression, { minLength: 4, maxLength: 4 }),
    });
    await fc.assert(
      fc.asyncProperty(dag, async ({ sources, expressions }) => {
        const lengths = expressions.map((each) => evaluate(each, sources).length);
        fc.pre(lengths.every((length) => length <= 60));
        const run = await runDag(definitions, bodyOf(sources, expressions));
        expect(run.result.state).toBe("success");
        for (const [index, each] of expressions.entries()) expectSame(run, sources, each, index);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  },
  60_000 + 2_000 * RUNS,
);
