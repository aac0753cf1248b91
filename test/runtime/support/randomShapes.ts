import fc from "fast-check";
import { TRIGGER_RULES, type TriggerRule } from "#core/model/triggerRule.js";
import type { Axis } from "../../../runtime/src/engine/plan.js";
import type { Shape } from "./schedulerDriver.js";

export interface RandomDag {
  readonly shapes: readonly Shape[];
  readonly groups: readonly (readonly Axis[])[];
}

interface RawTask {
  readonly links: readonly number[];
  readonly rule: TriggerRule;
  readonly role: "setup" | "teardown" | null;
  readonly axes: readonly RawAxis[] | null;
}

/** A length, or how many tasks before it in the plan the source stands. */
type RawAxis = { readonly length: number } | { readonly back: number };

interface RawSegment {
  readonly tasks: readonly RawTask[];
  /** Null where the tasks stand in no mapped group. */
  readonly group: readonly RawAxis[] | null;
}

export interface Choices {
  readonly rules?: readonly TriggerRule[];
  readonly smallestLength?: number;
}

/** Small DAGs in which tasks come only after tasks before them: single and mapped ones, and mapped groups of up to 3. */
export function randomDags({ rules = TRIGGER_RULES, smallestLength = 0 }: Choices = {}): fc.Arbitrary<RandomDag> {
  const axis = fc.oneof(
    fc.record({ length: fc.integer({ min: smallestLength, max: 2 }) }),
    fc.record({ back: fc.nat(3) }),
  );
  const axes = fc.array(axis, { minLength: 1, maxLength: 2 });
  const task: fc.Arbitrary<RawTask> = fc.record({
    links: fc.array(fc.nat(5), { maxLength: 3 }),
    rule: fc.constantFrom(...rules),
    role: fc.constantFrom(null, null, null, null, "setup" as const, "teardown" as const),
    axes: fc.option(axes),
  });
  const segment: fc.Arbitrary<RawSegment> = fc.oneof(
    fc.record({ tasks: fc.array(task, { minLength: 1, maxLength: 2 }), group: fc.constant(null) }),
    fc.record({ tasks: fc.array(task, { minLength: 1, maxLength: 3 }), group: axes }),
  );
  return fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((segments) => build(segments, Math.max(1, smallestLength)));
}

function build(segments: readonly RawSegment[], fallback: number): RandomDag {
  const shapes: Shape[] = [];
  const groups: Axis[][] = [];
  for (const { tasks, group } of segments) {
    const start = shapes.length;
    const position = group ? groups.push(group.map((axis) => axisOf(shapes, axis, fallback))) - 1 : null;
    for (const raw of tasks) shapes.push(shapeOf(shapes, raw, position, { start, groups, fallback }));
  }
  return { shapes, groups };
}

function shapeOf(
  shapes: readonly Shape[],
  raw: RawTask,
  group: number | null,
  { start, groups, fallback }: { start: number; groups: readonly Axis[][]; fallback: number },
): Shape {
  const { rule, role } = raw;
  const links = raw.links.map((back) => shapes.length - 1 - back).filter((task) => task >= 0);
  if (group !== null) {
    const isRoot = !links.some((task) => task >= start);
    const upstream = [...new Set([...links, ...(isRoot ? sourcesOf(groups[group] ?? []) : [])])];
    return { upstream, rule, role, group };
  }
  const axes = raw.axes?.map((axis) => axisOf(shapes, axis, fallback));
  return { upstream: [...new Set([...links, ...sourcesOf(axes ?? [])])], rule, role, ...(axes && { axes }) };
}

/** No task of a mapped group can be mapped over. */
function axisOf(shapes: readonly Shape[], axis: RawAxis, fallback: number): Axis {
  if ("length" in axis) return { type: "fixed", length: axis.length };
  const task = shapes.length - 1 - axis.back;
  const source = shapes[task];
  return source && source.group === undefined ? { type: "result", task } : { type: "fixed", length: fallback };
}

function sourcesOf(axes: readonly Axis[]): number[] {
  return axes.flatMap((axis) => (axis.type === "result" ? [axis.task] : []));
}
