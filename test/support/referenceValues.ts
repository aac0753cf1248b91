/**
 * What references stand for, written from the specification (§2.3–2.7) on plain arrays, and apart from the engine: lists
 * are made at once, and an item whose function skips is a marker that whoever takes the item sees.
 */
export type Source =
  /** A task that returns the list. */
  | { readonly type: "list"; readonly items: readonly unknown[] }
  /** A task that is mapped over the list and returns what it gets: null is no result. */
  | { readonly type: "mapped"; readonly items: readonly unknown[] };

export type Expression =
  | { readonly type: "source"; readonly source: number }
  | { readonly type: "map"; readonly of: Expression; readonly fn: FunctionName }
  | { readonly type: "zip"; readonly of: readonly Expression[]; readonly fill?: unknown }
  | { readonly type: "concat"; readonly of: readonly Expression[] };

/** The functions, once as values and once, by their text, in the DAG file. */
export const FUNCTIONS = {
  wrap: (item: unknown) => [item],
  text: (item: unknown) => JSON.stringify(item),
  /* Null for everything that is no number. */
  numbers: (item: unknown) => (typeof item === "number" ? item : null),
  none: () => undefined,
} as const;

export type FunctionName = keyof typeof FUNCTIONS | "skipOdd";

/** The function of the name `skipOdd`, as text, for it throws what only the DAG file imports. */
export const SKIP_ODD = `(item) => { if (typeof item === "number" && item % 2 === 1) throw new SkipException(); return item; }`;

export const SKIPPED = Symbol("skipped");

export function evaluate(expression: Expression, sources: readonly Source[]): unknown[] {
  switch (expression.type) {
    case "source": {
      const source = sources[expression.source];
      if (source === undefined) throw new RangeError(`no source ${expression.source}`);
      return source.items.filter((item) => source.type === "list" || item !== null);
    }
    case "map":
      return evaluate(expression.of, sources).map((item) => apply(expression.fn, item));
    case "concat":
      return expression.of.flatMap((part) => evaluate(part, sources));
    case "zip": {
      const parts = expression.of.map((part) => evaluate(part, sources));
      const lengths = parts.map((part) => part.length);
      const length = "fill" in expression ? Math.max(...lengths) : Math.min(...lengths);
      return Array.from({ length }, (_, index) => tupleOf(parts, index, expression.fill));
    }
  }
}

function tupleOf(parts: readonly unknown[][], index: number, fill: unknown): unknown {
  const tuple = parts.map((part) => (index < part.length ? part[index] : fill));
  return tuple.includes(SKIPPED) ? SKIPPED : tuple;
}

function apply(fn: FunctionName, item: unknown): unknown {
  if (item === SKIPPED) return SKIPPED;
  if (fn === "skipOdd") return typeof item === "number" && item % 2 === 1 ? SKIPPED : item;
  return FUNCTIONS[fn](item) ?? null;
}

/** True where a source has no instances at all, so that whoever maps over it is skipped with it. */
export function hasSkippedSource(expression: Expression, sources: readonly Source[]): boolean {
  switch (expression.type) {
    case "source": {
      const source = sources[expression.source];
      return source?.type === "mapped" && source.items.length === 0;
    }
    case "map":
      return hasSkippedSource(expression.of, sources);
    case "zip":
    case "concat":
      return expression.of.some((part) => hasSkippedSource(part, sources));
  }
}

/** The expression in a DAG file whose sources are named `s0`, `s1`… */
export function textOf(expression: Expression): string {
  switch (expression.type) {
    case "source":
      return `s${expression.source}`;
    case "map":
      return `${textOf(expression.of)}.map(${expression.fn})`;
    case "zip":
    case "concat": {
      const [first, ...others] = expression.of.map(textOf);
      const fill = "fill" in expression ? [`{ fillvalue: ${JSON.stringify(expression.fill)} }`] : [];
      return `${first ?? ""}.${expression.type}(${[...others, ...fill].join(", ")})`;
    }
  }
}
