/** Building blocks for checking what comes from outside. A guard never throws and looks only at what it names. */
export type Guard<T> = (value: unknown) => value is T;

export function isString(value: unknown): value is string {
  return typeof value === "string";
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

/** A finite number: JSON has no other, and `NaN` would travel on as a wrong answer. */
export function isNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

/** A whole number from 0. */
export function isCount(value: unknown): value is number {
  return isNumber(value) && Number.isSafeInteger(value) && value >= 0;
}

/** A whole number from -1, which stands for an instance that is not mapped. */
export function isMapIndex(value: unknown): value is number {
  return value === -1 || isCount(value);
}

export function isNull(value: unknown): value is null {
  return value === null;
}

/** Any value of JSON; only a missing field is refused. */
export function isAnything(value: unknown): value is unknown {
  return value !== undefined;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function nullable<T>(guard: Guard<T>): Guard<T | null> {
  return (value): value is T | null => value === null || guard(value);
}

export function optional<T>(guard: Guard<T>): Guard<T | undefined> {
  return (value): value is T | undefined => value === undefined || guard(value);
}

export function arrayOf<T>(guard: Guard<T>): Guard<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every((item) => guard(item));
}

export function recordOf<T>(guard: Guard<T>): Guard<Readonly<Record<string, T>>> {
  return (value): value is Record<string, T> => isRecord(value) && Object.values(value).every((item) => guard(item));
}

export function oneOf<const T extends string>(values: readonly T[]): Guard<T> {
  return (value): value is T => values.some((known) => known === value);
}

type FieldGuards<T> = { readonly [K in keyof T]-?: Guard<T[K] | undefined> | Guard<T[K]> };

/** One guard for each field: forgetting one does not compile. Unknown fields are allowed, so that versions can differ. */
export function shape<T extends object>(fields: FieldGuards<T>): Guard<T> {
  const entries = Object.entries<Guard<unknown>>(fields as Record<string, Guard<unknown>>);
  return (value): value is T => isRecord(value) && entries.every(([name, guard]) => guard(own(value, name)));
}

/** One case of a union, without the `type` that tells it from the others. */
export type Variant<T extends { readonly type: string }, K extends T["type"]> = Omit<
  Extract<T, { readonly type: K }>,
  "type"
>;

/** One shape for each `type` of a union. */
export function byType<T extends { readonly type: string }>(guards: {
  readonly [K in T["type"]]: Guard<Variant<T, K>>;
}): Guard<T> {
  const table = new Map(Object.entries<Guard<unknown>>(guards as Record<string, Guard<unknown>>));
  return (value): value is T => {
    if (!isRecord(value) || !isString(value["type"])) return false;
    return table.get(value["type"])?.(value) === true;
  };
}

/** Never what a prototype offers: a message cannot have a field it did not send. */
function own(value: Record<string, unknown>, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
