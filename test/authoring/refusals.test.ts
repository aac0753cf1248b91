import { BaseOperator, EmptyOperator, chain, dag, get_current_context, task, task_group } from "fanout";
import { describe, expect, it } from "vitest";
import { AuthoringError } from "../../runtime/src/authoring/authoringError.js";
import { add, declare, loose, notify, numbers, refusal, total } from "./declare.js";

const looseAdd = loose(add);
const empty = (task_id: string): EmptyOperator => new EmptyOperator({ task_id });

class Load extends BaseOperator<{ sql: string }, number> {
  static override readonly template_fields = ["sql"];
  static override readonly template_ext = [".sql"];

  execute(): number {
    return 1;
  }
}
const looseLoad = Load as unknown as { readonly partial: (args: unknown) => ReturnType<typeof loose> };

describe("what cannot be mapped", () => {
  it.each([
    ["a text", "abc"],
    ["a number", 5],
    ["null", null],
    ["undefined", undefined],
    ["a Set", new Set([1])],
    ["a Map", new Map([[1, 2]])],
    ["a date", new Date()],
    ["a promise", Promise.resolve([1])],
    ["an iterator", [1].values()],
    ["a typed array", new Uint8Array(2)],
    ["a function", () => [1]],
    ["a task that was not called", numbers],
    ["a class", Load],
  ])("%s is refused", (_name, value) => {
    expect(refusal(() => looseAdd.partial({ y: 1 }).expand({ x: value }))).toBe("not-mappable");
  });

  it("operators are refused, their outputs are not", () => {
    const expandOver = (pick: (op: Load) => unknown) =>
      refusal(() => looseAdd.partial({ y: 1 }).expand({ x: pick(new Load({ task_id: "op", sql: "s" })) }));
    expect(expandOver((op) => op)).toBe("not-mappable");
    expect(expandOver((op) => op.output)).toBe("none");
  });

  it.each([
    ["a dict", { x: 1 }],
    ["a text", "abc"],
    ["nothing", undefined],
    ["a list of numbers", [1]],
    ["a list of lists", [[1]]],
  ])("expand_kwargs refuses %s", (_name, value) => {
    expect(refusal(() => looseAdd.expand_kwargs(value))).toBe("not-mappable");
  });

  it.each([
    ["a list", [1]],
    ["a dict", { a: 1 }],
    ["an empty list", []],
  ])("%s is accepted", (_name, value) => {
    expect(refusal(() => looseAdd.partial({ y: 1 }).expand({ x: value }))).toBe("none");
  });
});

describe("names", () => {
  it.each(["task_id", "pool", "retries", "trigger_rule", "doc_md"])("'%s' cannot be expanded", (name) => {
    expect(refusal(() => looseAdd.partial({ y: 1 }).expand({ x: [1], [name]: ["a"] }))).toBe("unmappable-parameter");
    expect(refusal(() => looseLoad.partial({ task_id: "l" }).expand({ sql: ["s"], [name]: ["a"] }))).toBe(
      "unmappable-parameter",
    );
    expect(refusal(() => looseAdd.expand_kwargs([{ x: 1, y: 1, [name]: 1 }]))).toBe("unmappable-parameter");
  });

  it("can be a function's own although operators have the same", () => {
    const mail = task({ task_id: "mail" }, ({ email }: { email: string }) => email);
    expect(refusal(() => loose(mail).expand({ email: ["a", "b"] }))).toBe("none");
    const whole = task({ task_id: "whole" }, (inputs: { email: string }) => inputs.email);
    expect(refusal(() => loose(whole).expand({ email: ["a", "b"] }))).toBe("none");
    expect(refusal(() => loose(whole).expand({ pool: ["a", "b"] }))).toBe("unmappable-parameter");
  });

  it("cannot be a function's own where its task sets the option", () => {
    const mail = task({ task_id: "mail", email: "me" }, ({ email }: { email: string }) => email);
    expect(refusal(() => loose(mail).expand({ email: ["a", "b"] }))).toBe("unmappable-parameter");
  });

  it.each([
    ["expand", () => looseAdd.partial({ y: 1 }).expand({ x: [1], z: [1] })],
    ["expand_kwargs", () => looseAdd.expand_kwargs([{ x: 1, y: 1, z: 1 }])],
    ["partial", () => looseAdd.partial({ z: 1 }).expand({ x: [1] })],
    ["a call", () => looseAdd({ x: 1, y: 1, z: 1 })],
  ])("unknown to the function are refused by %s", (_name, body) => {
    expect(refusal(body)).toBe("unknown-parameter");
  });

  it("are not judged where the function takes them as one object", () => {
    const whole = task({ task_id: "whole" }, (inputs: Record<string, unknown>) => inputs);
    expect(refusal(() => loose(whole).expand({ anything: [1] }))).toBe("none");
    const rest = task({ task_id: "rest" }, ({ x, ...others }: Record<string, unknown>) => [x, others]);
    expect(refusal(() => loose(rest).expand({ anything: [1] }))).toBe("none");
  });

  it("cannot be numbers", () => {
    expect(refusal(() => looseAdd.expand({ 1: [1] }))).toBe("invalid-argument");
    expect(refusal(() => looseAdd({ 0: 1 }))).toBe("invalid-argument");
  });

  it("stand in partial or in expand, not in both", () => {
    expect(refusal(() => looseAdd.partial({ y: 1 }).expand({ x: [1], y: [1] }))).toBe("partial-and-expand");
    expect(refusal(() => looseAdd.partial({ y: 1 }).expand_kwargs([{ x: 1, y: 1 }]))).toBe("partial-and-expand");
  });
});

describe("references", () => {
  const map = (reference: unknown, fn: unknown): unknown => (reference as { map: (fn: unknown) => unknown }).map(fn);
  const zip = (one: unknown, ...others: unknown[]): unknown =>
    (one as { zip: (...others: unknown[]) => unknown }).zip(...others);
  const concat = (one: unknown, ...others: unknown[]): unknown =>
    (one as { concat: (...others: unknown[]) => unknown }).concat(...others);
  const entry = (): unknown => (numbers() as unknown as { get: (key: unknown) => unknown }).get("a");

  it.each<[string, string, () => unknown]>([
    ["DTM405 expand over an entry", "entry-not-mappable", () => looseAdd.partial({ y: 1 }).expand({ x: entry() })],
    ["DTM405 expand over a list with one", "entry-not-mappable", () => looseAdd.expand({ x: [1, entry()] })],
    ["DTM405 expand_kwargs over one", "entry-not-mappable", () => looseAdd.expand_kwargs(entry())],
    ["DTM405 expand_kwargs over a list with one", "entry-not-mappable", () => looseAdd.expand_kwargs([{ x: entry() }])],
    ["DTM406 map of an entry", "entry-not-mappable", () => map(entry(), String)],
    ["DTM406 zip of an entry", "entry-not-mappable", () => zip(entry(), numbers())],
    ["DTM406 zip with an entry", "entry-not-mappable", () => zip(numbers(), entry())],
    ["DTM407 concat of an entry", "entry-not-mappable", () => concat(entry(), numbers())],
    ["DTM407 concat with an entry", "entry-not-mappable", () => concat(numbers(), entry())],
    ["DTM408 map of a task function", "map-over-task", () => map(numbers(), add)],
    ["map of no function", "invalid-argument", () => map(numbers(), 5)],
    ["DTM409 get of a number", "invalid-argument", () => (numbers() as never as { get: (k: number) => 1 }).get(0)],
    ["DTM410 get of a map", "invalid-argument", () => (map(numbers(), String) as { get: (k: string) => 1 }).get("a")],
    ["DTM413 zip with a list", "not-a-reference", () => zip(numbers(), [1])],
    ["DTM413 zip with an operator", "not-a-reference", () => zip(numbers(), new Load({ task_id: "op", sql: "s" }))],
    ["DTM413 concat with a dict", "not-a-reference", () => concat(numbers(), { a: 1 })],
    ["DTM414 zip with another option", "invalid-argument", () => zip(numbers(), numbers(), { default: 0 })],
    ["zip filled with a result", "invalid-argument", () => zip(numbers(), numbers(), { fillvalue: [numbers()] })],
    ["an entry as an input", "none", () => looseAdd({ x: entry(), y: [entry()] })],
    ["an entry in partial", "none", () => looseAdd.partial({ y: entry() }).expand({ x: [1] })],
    ["everything else", "none", () => concat(zip(map(numbers(), String), numbers(), { fillvalue: [0] }), numbers())],
  ])("%s", (_name, code, body) => {
    expect(refusal(body)).toBe(code);
  });

  it("of two DAGs are no one reference", () => {
    let foreign: unknown;
    declare(() => void (foreign = numbers()), { dag_id: "one" });
    expect(refusal(() => void zip(numbers(), foreign))).toBe("invalid-argument");
  });
});

describe("calls", () => {
  it.each([
    ["empty-expand", () => looseAdd.expand({})],
    ["empty-expand", () => looseAdd.expand()],
    ["never-expanded", () => looseAdd.partial({ y: 1 })],
    ["never-expanded", () => looseLoad.partial({ task_id: "l" })],
    ["never-expanded", () => loose(total)({ values: looseAdd.partial({ y: 1 }) })],
    ["invalid-argument", () => loose(total)({ values: numbers })],
    ["invalid-argument", () => loose(total)({ values: empty("op") })],
    ["invalid-argument", () => looseAdd(5)],
    ["invalid-argument", () => [...(numbers() as unknown as Iterable<unknown>)]],
    ["invalid-argument", () => looseAdd.expand([1])],
    ["invalid-argument", () => looseAdd.expand(numbers())],
    ["invalid-argument", () => chain(empty("a"), 5 as never)],
    ["invalid-argument", () => chain([empty("a"), empty("b")], [empty("c")])],
    ["invalid-argument", () => task({ task_id: "t" }, undefined as never)],
    [
      "missing-task-id",
      () =>
        task(
          (
            () => () =>
              1
          )(),
        )(),
    ],
    ["missing-task-id", () => new Load({ sql: "s" } as never)],
    ["missing-task-id", () => looseLoad.partial({})],
    ["invalid-argument", () => dag({ dag_id: "inner" }, () => undefined)],
    ["unknown-parameter", () => loose(task_group({ group_id: "g" }, () => notify())).expand({ x: [1] })],
  ])("give %s (%#)", (code, body) => {
    expect(refusal(body)).toBe(code);
  });

  it("outside of a dag body are refused", () => {
    for (const call of [() => numbers(), () => empty("e"), () => add.expand({ x: [1], y: [1] })]) {
      expect(codeOf(call)).toBe("outside-dag");
    }
  });

  it("of partial outside of a dag body may be there for other files", () => {
    const shared = add.partial({ y: 1 });
    expect(declare(() => shared.expand({ x: [1] })).tasks).toHaveLength(1);
    expect(declare(() => shared.expand({ x: [1] })).tasks).toHaveLength(1);
  });

  it("between two DAGs are refused", () => {
    let foreign: ReturnType<typeof numbers> | undefined;
    declare(() => (foreign = numbers()), { dag_id: "one" });
    expect(refusal(() => chain(foreign as never, empty("e")))).toBe("invalid-argument");
  });

  it("of an asynchronous body are refused", () => {
    const asynchronous = () => Promise.reject(new Error("later"));
    expect(refusal(asynchronous as () => void)).toBe("async-dag-body");
  });

  it("of get_current_context are refused where no task runs", () => {
    expect(codeOf(get_current_context)).toBe("invalid-argument");
  });

  it("after a refused body are in no DAG", () => {
    expect(refusal(() => looseAdd.expand({}))).toBe("empty-expand");
    expect(codeOf(() => numbers())).toBe("outside-dag");
  });
});

describe("the graph", () => {
  it("has no circles", () => {
    const circle = (): void => {
      const [a, b, c] = [empty("a"), empty("b"), empty("c")];
      chain(a, b, c, a);
    };
    expect(refusal(circle)).toBe("cycle");
    expect(refusal(() => chain(...Array<EmptyOperator>(2).fill(empty("a"))))).toBe("cycle");
  });

  it("has every operator's id once", () => {
    expect(refusal(() => [empty("a"), empty("a")])).toBe("duplicate-task-id");
    expect(refusal(() => [numbers(), empty("numbers")])).toBe("duplicate-task-id");
    expect(refusal(() => [empty("numbers"), numbers()])).toBe("none");
  });

  it.each(["", "two words", "a/b", "naïve!", "x".repeat(251), 5, null])("has no task with the id %j", (task_id) => {
    expect(refusal(() => empty(task_id as string))).toBe("invalid-id");
  });

  it.each(["a", "größe", "任务", "a.b-c_1", "x".repeat(250)])("may have a task with the id %s", (task_id) => {
    expect(refusal(() => empty(task_id))).toBe("none");
  });

  it("belongs to a DAG with an id", () => {
    expect(refusal(() => undefined, { dag_id: "no spaces" })).toBe("invalid-id");
    expect(codeOf(() => dag({} as never, () => undefined))).toBe("invalid-id");
  });
});

describe("options", () => {
  it.each([
    [{ retries: -1 }],
    [{ retries: 1.5 }],
    [{ retries: "2" }],
    [{ retry_delay: "5 minutes" }],
    [{ retry_delay: -1 }],
    [{ retry_delay: { fortnights: 1 } }],
    [{ trigger_rule: "all_sucess" }],
    [{ do_xcom_push: "yes" }],
    [{ retrys: 1 }],
    [{ dag: {} }],
  ])("%j are refused, as a task's and as default_args", (options) => {
    expect(refusal(() => loose(numbers).override(options)())).toBe("invalid-argument");
    expect(refusal(() => numbers(), { default_args: options as never })).toBe("invalid-argument");
  });

  it.each([[{ tags: "math" }], [{ default_args: [] }], [{ default_args: { task_id: "a" } }], [{ dagid: "a" }]])(
    "%j of dag() are refused",
    (args) => {
      expect(refusal(() => undefined, args as never)).toBe("invalid-argument");
    },
  );

  it.each([[{ schedule: "daily" }], [{ schedule: 5 }], [{ schedule: "" }]])("%j is no schedule", (args) => {
    expect(refusal(() => undefined, args as never)).toBe("invalid-schedule");
  });
});

describe("what is in order is not refused", () => {
  it.each([
    ["descriptive options", () => loose(numbers).override({ owner: "me", email: "a@b", queue: "q", doc_md: "#" })()],
    ["options at their defaults", () => loose(numbers).override({ depends_on_past: false })()],
    ["braces outside of template fields", () => looseLoad.partial({ task_id: "l" }).expand({ name: ["{{ a }}"] })],
    ["text that is no template", () => looseAdd({ x: "{ a }", y: 1 })],
  ])("%s", (_name, body) => {
    expect(refusal(body as () => void, { catchup: false, tags: ["a"], max_active_runs: 1 })).toBe("none");
  });

  it("dates in default_args are the DAG's", () => {
    expect(refusal(() => numbers(), { default_args: { start_date: new Date() } })).toBe("none");
  });
});

function codeOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (AuthoringError.is(error)) return error.code;
    throw error;
  }
  return "none";
}
