import { type Surroundings, evaluate } from "./evaluate.js";
import type { Scope } from "./scope.js";
import type { Expression, ForNode } from "#core/templates/syntax.js";
import { TemplateError } from "./templateError.js";
import { PythonObject, itemsOf, python } from "./values.js";

/** What a loop goes over, and the condition behind it: `for x in list if x`, which nunjucks reads as a value. */
export function loopItems(
  { arr }: ForNode,
  scope: Scope,
  around: Surroundings,
): { readonly items: readonly unknown[]; readonly condition: Expression | null } {
  if (arr.typename !== "InlineIf" || arr.else_ !== null) {
    return { items: itemsOf(evaluate(arr, scope, around)), condition: null };
  }
  return { items: itemsOf(evaluate(arr.body, scope, around)), condition: arr.cond };
}

/** The names of one turn of a loop; `loop` only where its place is known. */
export function bindLoop(
  { name }: ForNode,
  item: unknown,
  scope: Scope,
  place?: { readonly kept: readonly unknown[]; readonly index: number },
): Scope {
  const inner = scope.child();
  if (name.typename === "Symbol") {
    inner.set(name.value, item);
  } else {
    const values = itemsOf(item);
    if (values.length !== name.children.length) {
      throw new TemplateError(`cannot unpack ${values.length} values into ${name.children.length} names`);
    }
    name.children.forEach((child, index) => inner.set(child.value, values[index]));
  }
  if (place) inner.set("loop", new Loop(place.kept, place.index));
  return inner;
}

/** `loop` inside of a `for`. */
class Loop extends PythonObject {
  readonly typeName = "loop";

  constructor(
    readonly items: readonly unknown[],
    readonly index: number,
  ) {
    super();
  }

  attribute(name: string): unknown {
    const { items, index } = this;
    const attributes: Readonly<Record<string, () => unknown>> = {
      index: () => index + 1,
      index0: () => index,
      revindex: () => items.length - index,
      revindex0: () => items.length - index - 1,
      first: () => index === 0,
      last: () => index === items.length - 1,
      length: () => items.length,
      previtem: () => (index > 0 ? items[index - 1] : undefined),
      nextitem: () => items[index + 1],
      cycle: () => cycle(index),
    };
    return Object.hasOwn(attributes, name) ? attributes[name]?.() : undefined;
  }

  text(): string {
    return `<loop ${this.index + 1}/${this.items.length}>`;
  }
}

/** The value whose turn it is. */
function cycle(index: number): unknown {
  const places = Array.from({ length: 20 }, (_, place) => `value${place}`);
  return python("cycle", places, (given) => Object.values(given)[index % Object.keys(given).length]);
}
